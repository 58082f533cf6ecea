package dev.pvebot.commands;

import dev.pvebot.commands.Lexicon.Talk;
import dev.pvebot.commands.Sentence.Token;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Names and tags: what follows a marker (`called x`, `tagged web`), stands before a noun, or is
/// the one word left.
final class NameSlots {
  private static final List<String> SMALL_WORDS =
      List.of(
          "the", "this", "that", "these", "from", "with", "all", "and", "into", "please", "vms");

  private static final Set<String> STRONG =
      Set.of(
          "called",
          "named",
          "name",
          "tagged",
          "labelled",
          "labeled",
          "tag",
          "label",
          "tags",
          "labels",
          "hostname",
          "playbook",
          "runbook",
          "storage",
          "datastore",
          "service");
  private final Filling filling;
  private final Frame frame;
  private final Sentence sentence;
  private final BitSet used;
  private final Map<String, Object> args;

  NameSlots(Filling filling) {
    this.filling = filling;
    this.frame = filling.frame();
    this.sentence = filling.sentence();
    this.used = filling.used();
    this.args = filling.args();
  }

  void tag(Frame.Param param) {
    boolean selects = !frame.intent().startsWith("tag.") || param.kind() == Kind.SELECT;
    Set<String> markers =
        selects ? Set.of("tagged", "labelled", "labeled", "tags", "tag", "label") : param.after();
    for (int i = 0; i < sentence.size(); i++) {
      String low = sentence.token(i).low();
      if (selects && low.endsWith("-tagged") && !used.get(i)) {
        args.put(param.name(), low.substring(0, low.length() - 7));
        used.set(i);
        return;
      }
      if (param.kind() == Kind.SELECT
          && !low.equals("tagged")
          && !low.equals("labelled")
          && !low.equals("labeled")) {
        continue;
      }
      if (markers.contains(low)) {
        int value = right(i, STRONG.contains(low));
        if (value >= 0) {
          take(param, i, value, sentence.token(value).low());
          return;
        }
      }
    }
    if (!selects || sentence.has("all")) {
      before(param);
    }
  }

  void name(Frame.Param param) {
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < sentence.size(); i++) {
        String low = sentence.token(i).low();
        boolean strong = STRONG.contains(low);
        if (strong == (pass == 0) && param.after().contains(low) && !sentence.token(i).quoted()) {
          int value = right(i, strong);
          if (value >= 0) {
            take(param, i, value, sentence.token(value).raw());
            return;
          }
        }
      }
    }
    before(param);
  }

  private void before(Frame.Param param) {
    for (int i = 1; i < sentence.size(); i++) {
      if (param.before().contains(sentence.token(i).low()) && isWord(i - 1, false)) {
        boolean tag = param.kind() == Kind.TAG;
        take(param, i, i - 1, tag ? sentence.token(i - 1).low() : sentence.token(i - 1).raw());
        return;
      }
    }
  }

  private void take(Frame.Param param, int marker, int value, String text) {
    args.put(
        param.name(),
        param.kind() == Kind.TEXT || param.kind() == Kind.NAME ? text : strip(text, param.kind()));
    used.set(value);
    used.set(marker);
  }

  private static String strip(String text, Kind kind) {
    return kind == Kind.RUNBOOK && text.endsWith(".md")
        ? text.substring(0, text.length() - 3)
        : text;
  }

  /// The value to the right of a marker, past words that mean nothing there; -1 when there is none.
  private int right(int marker, boolean strong) {
    for (int i = marker + 1; i < sentence.size(); i++) {
      Token token = sentence.token(i);
      if (isWord(i, strong)) {
        return i;
      }
      boolean passable =
          Filling.BETWEEN.contains(token.low()) || (used.get(i) && token.value().isEmpty());
      if (!passable) {
        return -1;
      }
    }
    return -1;
  }

  /// Whether a word can be a name: not used, not a number, not a word of talk or of the catalog
  /// (unless quoted, or the marker before it leaves no doubt).
  private boolean isWord(int i, boolean strong) {
    Token token = sentence.token(i);
    if (used.get(i)) {
      return false;
    }
    if (token.quoted()) {
      return true;
    }
    if (!isNameShaped(token.raw())) {
      return false;
    }
    boolean typed = token.value().isPresent();
    if (typed) {
      return switch (token.value().orElseThrow()) {
        case Values.Hex _ -> true;
        case Values.Version _ -> strong;
        case Values.Cluster _ ->
            strong || frame.param("add").isPresent() || frame.param("remove").isPresent();
        case Values.Node _, Values.Machine _ -> strong;
        default -> false;
      };
    }
    if (Filling.BETWEEN.contains(token.low())) {
      return false;
    }
    boolean talk = !token.talk().isEmpty();
    return strong ? !isGlue(token) : !talk && sentence.parts(i).isEmpty() && !isSlip(token.low());
  }

  /// A misspelt article or preposition, `hte`, is no name.
  private static boolean isSlip(String low) {
    return Set.of("fo", "ot", "ni", "fro", "ont", "wiht").contains(low)
        || low.length() < 6
            && SMALL_WORDS.stream().anyMatch(word -> Spelling.distance(low, word, 1) <= 1);
  }

  private static boolean isGlue(Token token) {
    return token.is(Talk.FILLER) || token.is(Talk.COURTESY);
  }

  private boolean isExact(int i) {
    return !Lexicon.ENGLISH.lexemes(sentence.token(i).low()).isEmpty();
  }

  static boolean isNameShaped(String raw) {
    if (raw.isEmpty() || raw.length() > 63 || !Character.isLetterOrDigit(raw.charAt(0))) {
      return false;
    }
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (!(c < 128 && Character.isLetterOrDigit(c)) && "._-+".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /// The only word left over fills the parameter.
  void loose(Frame.Param param) {
    if (!filling.positional() && param.name().equals("remove") && !sentence.has("untag")) {
      return;
    }
    int found = -1;
    for (int i = 0; i < sentence.size(); i++) {
      Token token = sentence.token(i);
      boolean free = !used.get(i) && !sentence.isFiller(i) && !token.is(Talk.SOFT);
      if (!free) {
        continue;
      }
      boolean guard = !token.talk().isEmpty() && !token.quoted();
      boolean number =
          token.value().isPresent()
              && (token.value().orElseThrow() instanceof Values.Num
                  || token.value().orElseThrow() instanceof Values.Pair
                  || token.value().orElseThrow() instanceof Values.Range
                  || token.value().orElseThrow() instanceof Values.Amount);
      if (guard || number || !(token.quoted() || isNameShaped(token.raw()))) {
        if (filling.positional()) {
          continue;
        }
        return;
      }
      if (found >= 0) {
        if (filling.positional()) {
          break;
        }
        return;
      }
      found = i;
    }
    if (found >= 0) {
      if (!filling.positional()
          && !sentence.token(found).quoted()
          && isExact(found)
          && !param.name().equals("add")) {
        return;
      }
      Token token = sentence.token(found);
      args.put(
          param.name(), param.kind() == Kind.TAG ? token.low() : strip(token.raw(), param.kind()));
      used.set(found);
      filling.guess();
    }
  }
}
