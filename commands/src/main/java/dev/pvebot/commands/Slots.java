package dev.pvebot.commands;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Fills the parameters of one intent from a sentence and marks the words that it used: first what
/// is written as `key=value`, then names and tags, then numbers and other values, last the one word
/// that is left over.
final class Slots {
  private final Filling filling;
  private final NameSlots names;
  private final NumberSlots numbers;
  private final ValueSlots values;

  private Slots(Filling filling) {
    this.filling = filling;
    this.names = new NameSlots(filling);
    this.numbers = new NumberSlots(filling);
    this.values = new ValueSlots(filling, names);
  }

  /// @param used words that the rule explains; extended by those that fill parameters
  /// @param positional whether words without a marker fill names in order, as in the slash form
  static Filling fill(Frame frame, Sentence sentence, BitSet used, boolean positional) {
    Slots slots = new Slots(new Filling(frame, sentence, used, positional));
    slots.fill();
    return slots.filling;
  }

  private void fill() {
    Map<String, Object> args = filling.args();
    List<Frame.Param> params = filling.frame().params();
    pairs();
    for (Frame.Param param : params) {
      if (!args.containsKey(param.name())) {
        switch (param.kind()) {
          case TAG, SELECT -> names.tag(param);
          case NAME, TEXT, PLAYBOOK, RUNBOOK -> names.name(param);
          default -> {}
        }
      }
    }
    numbers.byMarker();
    for (Frame.Param param : params) {
      if (!args.containsKey(param.name())) {
        typed(param);
      }
    }
    for (Frame.Param param : params) {
      boolean open = param.loose() || filling.positional() && isFree(param);
      if (!args.containsKey(param.name()) && open) {
        names.loose(param);
      }
    }
    order();
  }

  /// Whether a word without a marker may fill the parameter; where harm is possible, only what is
  /// needed may.
  private boolean isFree(Frame.Param param) {
    Frame frame = filling.frame();
    boolean careful = frame.risk().compareTo(Risk.DISRUPTIVE) >= 0;
    return switch (param.kind()) {
      case NAME, STORAGE, PLAYBOOK, RUNBOOK, TEXT, SERVICE ->
          !careful || frame.isNeeded(param.name());
      default -> false;
    };
  }

  /// Puts the arguments into the order of the parameters.
  private void order() {
    Map<String, Object> args = filling.args();
    Map<String, Object> ordered = new LinkedHashMap<>();
    for (Frame.Param param : filling.frame().params()) {
      Optional.ofNullable(args.get(param.name())).ifPresent(v -> ordered.put(param.name(), v));
    }
    args.forEach(ordered::putIfAbsent);
    args.clear();
    args.putAll(ordered);
  }

  private void pairs() {
    Sentence sentence = filling.sentence();
    for (int i = 0; i < sentence.size(); i++) {
      boolean free = !filling.used().get(i);
      if (free && sentence.token(i).value().orElse(null) instanceof Values.Pair pair) {
        Optional<Frame.Param> param = byKey(pair.key());
        if (param.isEmpty() && settings().isPresent()) {
          setting(settings().orElseThrow().name(), pair);
          filling.used().set(i);
        } else if (param.isPresent()
            && Pairs.put(param.orElseThrow(), pair.value(), sentence, filling.args())) {
          filling.used().set(i);
        }
      }
    }
  }

  private Optional<Frame.Param> settings() {
    return filling.frame().params().stream()
        .filter(param -> param.kind() == Kind.SETTINGS)
        .findFirst();
  }

  /// One text for all of them, with blanks between: a pair holds none.
  private void setting(String param, Values.Pair pair) {
    filling
        .args()
        .merge(param, pair.key() + "=" + pair.value(), (before, more) -> before + " " + more);
  }

  private Optional<Frame.Param> byKey(String key) {
    String low = key.toLowerCase(Locale.ROOT);
    Optional<Frame.Param> same = filling.frame().param(low);
    if (same.isEmpty() && settings().isPresent() && !low.equals("profile")) {
      return Optional.empty(); // `environment` is a key of a profile here, not another word for it
    }
    return same.isPresent() ? same : filling.frame().param(Pairs.SYNONYMS.getOrDefault(low, low));
  }

  private void typed(Frame.Param param) {
    switch (param.kind()) {
      case PROFILE -> values.cluster(param);
      case NODE -> values.node(param);
      case VM, TEMPLATE, NEWVM, OPERATION ->
          filling.first(Values.Num.class).ifPresent(i -> numbers.number(param, i));
      case VMS -> numbers.vms(param);
      case INTEGER -> numbers.cores(param);
      case MEMORY -> numbers.memory(param);
      case SIZE -> numbers.size(param);
      case KEEP -> numbers.keep(param);
      case CIDR -> values.address(param);
      case VERSION -> values.version(param);
      case STORAGE -> names.name(param);
      case DISK -> values.text(param, Values.Disk.class);
      case URL -> values.text(param, Values.Url.class);
      case UPID -> values.text(param, Values.Upid.class);
      case DIGEST -> values.digest(param);
      case DURATION -> values.text(param, Values.Span.class);
      case STATE ->
          values.concept(param, List.of("running", "stopped", "failed", "lockedstate", "pending"));
      case SOURCE -> values.source(param);
      case ASPECT -> values.concept(param, List.of("ntp", "repos", "cert", "network"));
      case SERVICE -> values.service(param);
      case EXTENSIONS -> values.extensions(param);
      case SINCE -> values.since(param);
      case REASON -> values.quoted(param);
      case TAG, SELECT, TAGLIST, NAME, TEXT, BOOLEAN, PLAYBOOK, RUNBOOK, SETTINGS -> {}
    }
  }
}
