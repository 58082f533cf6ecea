package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Puts together what was cut: `8 GB`, `2 hours`, `--cores 4`; takes apart `vm1031`; reads `four
/// cores`.
final class Joining {
  private static final Map<String, Long> NUMBERS =
      Map.ofEntries(
          Map.entry("one", 1L),
          Map.entry("two", 2L),
          Map.entry("three", 3L),
          Map.entry("four", 4L),
          Map.entry("five", 5L),
          Map.entry("six", 6L),
          Map.entry("seven", 7L),
          Map.entry("eight", 8L),
          Map.entry("ten", 10L),
          Map.entry("twelve", 12L),
          Map.entry("sixteen", 16L),
          Map.entry("thirty-two", 32L));

  private static final Set<String> AFTER_NUMBER_WORD =
      Set.of(
          "core", "cores", "cpu", "cpus", "vcpu", "vcpus", "gb", "gig", "gigs", "gib", "days",
          "hours", "more");

  private static final List<String> GLUED =
      List.of("vmid", "vm-", "vm#", "vm", "ct-", "ct", "op-", "op#", "op");

  private static final Set<String> FLAGS = Set.of("--online", "--insecure", "--force", "--full");

  private Joining() {}

  static List<Utterance.Word> join(List<Utterance.Word> words) {
    List<Utterance.Word> out = new ArrayList<>(words.size());
    for (int i = 0; i < words.size(); i++) {
      Utterance.Word word = words.get(i);
      String next =
          i + 1 < words.size() && !words.get(i + 1).quoted() ? words.get(i + 1).low() : "";
      if (word.quoted()) {
        out.add(word);
        continue;
      }
      Optional<Long> spelled = Optional.ofNullable(NUMBERS.get(word.low()));
      if (spelled.isPresent() && AFTER_NUMBER_WORD.contains(next)) {
        word = with(word, new Values.Num(spelled.orElseThrow()));
      }
      Optional<Values> range = range(word, next, words, i);
      if (range.isPresent()) {
        out.add(with(word, range.orElseThrow()));
        i += 2;
      } else if (FLAGS.contains(word.low())) {
        out.add(with(word, new Values.Pair(word.low().substring(2), "true")));
      } else if (word.low().startsWith("--") && word.shape().isEmpty() && i + 1 < words.size()) {
        out.add(with(word, new Values.Pair(word.low().substring(2), words.get(i + 1).raw())));
        i++;
      } else if (unit(word, next).isPresent()) {
        Values value = unit(word, next).orElseThrow();
        out.add(
            new Utterance.Word(
                word.raw() + " " + words.get(i + 1).raw(),
                word.low() + " " + next,
                false,
                Optional.of(value)));
        i++;
      } else {
        Optional<Utterance.Word[]> parts = apart(word);
        if (parts.isPresent()) {
          out.addAll(List.of(parts.orElseThrow()));
        } else {
          out.add(word);
        }
      }
    }
    return out;
  }

  /// `300 through 302`
  private static Optional<Values> range(
      Utterance.Word word, String next, List<Utterance.Word> words, int at) {
    boolean through = next.equals("through") || next.equals("thru");
    return through
            && at + 2 < words.size()
            && word.shape().orElse(null) instanceof Values.Num from
            && words.get(at + 2).shape().orElse(null) instanceof Values.Num to
        ? Optional.of(new Values.Range(from.value(), to.value()))
        : Optional.empty();
  }

  private static Utterance.Word with(Utterance.Word word, Values value) {
    return new Utterance.Word(word.raw(), word.low(), word.quoted(), Optional.of(value));
  }

  private static Optional<Values> unit(Utterance.Word word, String next) {
    if (next.isEmpty() || word.shape().isEmpty()) {
      return Optional.empty();
    }
    Double unit = Values.UNITS.get(next);
    String span = Values.SPANS.get(next);
    return switch (word.shape().orElseThrow()) {
      case Values.Num num when unit != null -> Values.amount(Long.toString(num.value()), unit);
      case Values.Amount amount
          when unit != null
              && amount.relative()
              && Values.digits(word.low(), 1) == word.low().length() ->
          Values.amount(word.low(), unit);
      case Values.Version version when unit != null -> Values.amount(version.text(), unit);
      case Values.Num num when span != null && !next.equals("s") && !next.equals("w") ->
          Optional.of(new Values.Span(num.value() + span));
      default -> Optional.empty();
    };
  }

  /// `vm1031` is `vm 1031`.
  private static Optional<Utterance.Word[]> apart(Utterance.Word word) {
    if (word.shape().isPresent()) {
      return Optional.empty();
    }
    for (String glued : GLUED) {
      String low = word.low();
      if (low.startsWith(glued)
          && low.length() > glued.length()
          && low.length() < glued.length() + 10
          && Values.digits(low, glued.length()) == low.length()) {
        String noun = glued.replace("-", "").replace("#", "");
        String number = low.substring(glued.length());
        return Optional.of(
            new Utterance.Word[] {
              new Utterance.Word(noun, noun, false, Optional.empty()),
              new Utterance.Word(
                  number, number, false, Optional.of(new Values.Num(Long.parseLong(number))))
            });
      }
    }
    return Optional.empty();
  }
}
