package dev.pvebot.commands;

import dev.pvebot.commands.Lexicon.Part;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Numbers: VMIDs, operations, cores, memory, sizes. Which number is whose follows from the words
/// beside it.
final class NumberSlots {
  static final long LOWEST_VMID = 100;
  static final long HIGHEST_VMID = 999_999_999;

  private final Filling filling;
  private final Frame frame;
  private final Sentence sentence;
  private final BitSet used;
  private final Map<String, Object> args;

  NumberSlots(Filling filling) {
    this.filling = filling;
    this.frame = filling.frame();
    this.sentence = filling.sentence();
    this.used = filling.used();
    this.args = filling.args();
  }

  private static boolean isNumber(Kind kind) {
    return switch (kind) {
      case VM, VMS, NEWVM, TEMPLATE, OPERATION -> true;
      default -> false;
    };
  }

  /// Numbers that follow a word which says whose they are: `from 101`, `operation 42`.
  void byMarker() {
    for (int i = 0; i < sentence.size(); i++) {
      if (used.get(i) || !isVmLike(i)) {
        continue;
      }
      for (Frame.Param param : frame.params()) {
        if (isNumber(param.kind())
            && !param.after().isEmpty()
            && !args.containsKey(param.name())
            && filling.follows(i, param.after())) {
          number(param, i);
          break;
        }
      }
    }
  }

  private boolean isVmLike(int i) {
    return switch (sentence.token(i).value().orElse(null)) {
      case Values.Num _, Values.Machine _ -> true;
      case null, default -> false;
    };
  }

  void number(Frame.Param param, int i) {
    long value =
        switch (sentence.token(i).value().orElseThrow()) {
          case Values.Num num -> num.value();
          case Values.Machine machine -> machine.vmid();
          default -> -1;
        };
    if (param.kind() == Kind.OPERATION) {
      if (value < 1 || value > Integer.MAX_VALUE) {
        filling.refuse("there is no operation %d".formatted(value));
      } else {
        args.put(param.name(), (int) value);
      }
    } else if (value < LOWEST_VMID || value > HIGHEST_VMID) {
      filling.refuse(
          "%d is no VMID; they go from %d to %d".formatted(value, LOWEST_VMID, HIGHEST_VMID));
    } else {
      args.put(
          param.name(), param.kind() == Kind.VMS ? List.of((int) value) : (Object) (int) value);
    }
    used.set(i);
  }

  void vms(Frame.Param param) {
    Set<Integer> ids = new LinkedHashSet<>();
    for (int at = 0; at < sentence.size(); at++) {
      int i = at;
      if (used.get(i) || isCount(i)) {
        continue;
      }
      switch (sentence.token(i).value().orElse(null)) {
        case Values.Num num when num.value() < LOWEST_VMID && frame.param("op").isPresent() -> {}
        case Values.Num num -> {
          if (num.value() < LOWEST_VMID || num.value() > HIGHEST_VMID) {
            filling.refuse(
                "%d is no VMID; they go from %d to %d"
                    .formatted(num.value(), LOWEST_VMID, HIGHEST_VMID));
          } else {
            ids.add((int) num.value());
          }
          used.set(i);
        }
        case Values.Machine machine -> {
          ids.add(machine.vmid());
          used.set(i);
        }
        case Values.Range range -> {
          range(range, ids);
          used.set(i);
        }
        case null, default -> {}
      }
    }
    if (!ids.isEmpty()) {
      args.put(param.name(), List.copyOf(ids));
    }
  }

  private void range(Values.Range range, Set<Integer> ids) {
    boolean good =
        range.from() >= LOWEST_VMID
            && range.to() >= range.from()
            && range.to() <= HIGHEST_VMID
            && range.to() - range.from() < 100;
    if (!good) {
      filling.refuse("%d-%d is no range of up to 100 VMIDs".formatted(range.from(), range.to()));
      return;
    }
    for (long id = range.from(); id <= range.to(); id++) {
      ids.add((int) id);
    }
  }

  /// A number that counts cores, memory or what to keep, where the intent has such a parameter.
  private boolean isCount(int i) {
    return isCoresNumber(i) && frame.param("cores").isPresent()
        || isMemoryNumber(i) && frame.param("memory").isPresent()
        || frame.param("keep").isPresent()
            && filling.follows(i, Set.of("keep", "keeping", "retain"));
  }

  private boolean isCoresNumber(int i) {
    if (!(sentence.token(i).value().orElse(null) instanceof Values.Num num) || num.value() > 1024) {
      return false;
    }
    if (i + 1 < sentence.size() && sentence.isConcept(i + 1, "cores")
        || i + 2 < sentence.size()
            && sentence.token(i + 1).low().equals("more")
            && sentence.isConcept(i + 2, "cores")) {
      return true;
    }
    if (i > 0 && sentence.isConcept(i - 1, "cores")
        || i > 1 && isLink(i - 1) && sentence.isConcept(i - 2, "cores")) {
      return true;
    }
    return num.value() < LOWEST_VMID
        && sentence.has("cores")
        && nearest(i, "cores", "memory").equals("cores");
  }

  private boolean isMemoryNumber(int i) {
    if (!(sentence.token(i).value().orElse(null) instanceof Values.Num num) || num.value() < 16) {
      return false;
    }
    if (i > 0 && sentence.isConcept(i - 1, "memory")
        || i > 1 && isLink(i - 1) && sentence.isConcept(i - 2, "memory")) {
      return true;
    }
    if (i + 1 < sentence.size() && sentence.isConcept(i + 1, "memory")) {
      return true;
    }
    return i > 0
        && isLink(i - 1)
        && sentence.has("memory")
        && nearest(i, "memory", "cores").equals("memory");
  }

  private boolean isLink(int i) {
    return Set.of("to", "=", "at", "of", "is", "by").contains(sentence.token(i).low())
        && !sentence.token(i).low().equals("of");
  }

  /// The nearer of two concepts to the left of a place, or anywhere.
  private String nearest(int at, String one, String other) {
    for (int i = at; i >= 0; i--) {
      if (sentence.isConcept(i, one)) {
        return one;
      }
      if (sentence.isConcept(i, other)) {
        return other;
      }
    }
    return sentence.has(one) ? one : other;
  }

  void cores(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      if (!used.get(i)
          && isCoresNumber(i)
          && sentence.token(i).value().orElseThrow() instanceof Values.Num num) {
        used.set(i);
        filling.mark("cores");
        if (num.value() < 1) {
          filling.refuse("%d cores cannot be".formatted(num.value()));
          return;
        }
        args.put(param.name(), (int) num.value());
        return;
      }
    }
    if (frame.intent().equals("vm.set") && sentence.has("cores")) {
      for (int i = 0; i < sentence.size(); i++) {
        if (!used.get(i)
            && sentence.token(i).value().orElse(null) instanceof Values.Num num
            && num.value() < 1) {
          filling.refuse("%d cores cannot be".formatted(num.value()));
          used.set(i);
        }
      }
    }
  }

  void memory(Frame.Param param) {
    for (int at = 0; at < sentence.size(); at++) {
      int i = at;
      if (used.get(i)) {
        continue;
      }
      switch (sentence.token(i).value().orElse(null)) {
        case Values.Amount amount -> {
          used.set(i);
          if (!sentence.has("memory")) {
            filling.guess();
          }
          filling.mark("memory");
          amount(param, amount);
          return;
        }
        case Values.Num num when isMemoryNumber(i) -> {
          used.set(i);
          filling.mark("memory");
          args.put(param.name(), (int) Math.min(num.value(), Integer.MAX_VALUE));
          return;
        }
        case null, default -> {}
      }
    }
  }

  private void amount(Frame.Param param, Values.Amount amount) {
    if (amount.negative() || amount.mib() < 1 || amount.mib() > 64L * 1024 * 1024) {
      filling.refuse("that amount of memory cannot be");
    } else if (amount.relative()) {
      args.put(param.name(), "+" + amount.mib());
    } else {
      args.put(param.name(), (int) amount.mib());
    }
  }

  void size(Frame.Param param) {
    Optional<Integer> found = filling.first(Values.Amount.class);
    if (found.isEmpty()) {
      return;
    }
    int i = found.orElseThrow();
    Values.Amount amount = (Values.Amount) sentence.token(i).value().orElseThrow();
    used.set(i);
    if (amount.negative() || amount.mib() < 1 || sentence.has("shrink")) {
      filling.refuse("a disk cannot be made smaller");
      return;
    }
    Set<String> more = Set.of("by", "another", "additional", "extra", "more", "further");
    boolean absolute =
        filling.follows(i, Set.of("to")) || i > 0 && sentence.token(i - 1).low().equals("to");
    boolean relative =
        amount.relative()
            || filling.follows(i, more)
            || i > 0 && more.contains(sentence.token(i - 1).low())
            || i > 1 && more.contains(sentence.token(i - 2).low()) && !absolute
            || i + 1 < sentence.size()
                && Set.of("more", "extra", "bigger", "larger", "additional")
                    .contains(sentence.token(i + 1).low())
            || sentence.tokens().stream().anyMatch(t -> Set.of("add", "adding").contains(t.low()))
                && !absolute;
    for (int j = Math.max(0, i - 2); j < Math.min(sentence.size(), i + 2); j++) {
      if (more.contains(sentence.token(j).low())
          || Set.of("bigger", "larger").contains(sentence.token(j).low())) {
        used.set(j);
      }
    }
    args.put(param.name(), (relative ? "+" : "") + Values.size(amount.mib()));
    filling.mark("disk");
  }

  void keep(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      if (Set.of("keep", "keeping", "retain", "retaining").contains(sentence.token(i).low())) {
        for (int j = i + 1; j < Math.min(sentence.size(), i + 4); j++) {
          switch (sentence.token(j).value().orElse(null)) {
            case Values.Num num -> args.put(param.name(), (int) num.value());
            case Values.Span span -> args.put(param.name(), span.text());
            case null, default -> {
              continue;
            }
          }
          used.set(i, j + 1);
          if (j + 1 < sentence.size() && sentence.parts(j + 1).contains(Part.NOUN)) {
            used.set(j + 1);
          }
          return;
        }
      }
    }
  }
}
