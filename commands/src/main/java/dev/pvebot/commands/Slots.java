package dev.pvebot.commands;

import dev.pvebot.commands.Lexicon.Part;
import dev.pvebot.commands.Lexicon.Talk;
import dev.pvebot.commands.Sentence.Token;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Fills the parameters of one intent from a sentence and marks the words that it used.
final class Slots {
  static final long LOWEST_VMID = 100;
  static final long HIGHEST_VMID = 999_999_999;

  private static final Set<String> SERVICES =
      Set.of(
          "kubelet",
          "etcd",
          "apid",
          "machined",
          "trustd",
          "containerd",
          "cri",
          "udevd",
          "syslogd",
          "auditd",
          "dashboard",
          "kube-apiserver",
          "kube-controller-manager",
          "kube-scheduler",
          "kernel",
          "registryd");

  private static final Set<String> EXTENSIONS =
      Set.of(
          "btrfs",
          "gvisor",
          "tailscale",
          "zfs",
          "drbd",
          "kata-containers",
          "glusterfs",
          "mdadm",
          "nut-client",
          "iscsi-tools",
          "qemu-guest-agent",
          "util-linux-tools",
          "spin",
          "wasmedge",
          "thunderbolt",
          "fuse3",
          "netbird",
          "zerotier",
          "ecr-credential-provider",
          "crun",
          "youki",
          "i915",
          "amdgpu",
          "mei",
          "nfsd",
          "nfsrahead");

  /// Words between a marker and its value that mean nothing there.
  private static final Set<String> BETWEEN =
      Set.of(
          "the",
          "a",
          "an",
          "of",
          "for",
          "to",
          "is",
          "be",
          "with",
          "as",
          "=",
          "name",
          "my",
          "our",
          "this",
          "that",
          "its",
          "id",
          "number",
          "no.",
          "nr",
          "from",
          "named",
          "called",
          "new",
          "host",
          "node",
          "hypervisor",
          "vm",
          "vmid",
          "server",
          "cluster",
          "template",
          "storage",
          "same",
          "machine",
          "template's",
          "both");

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

  private final Frame frame;
  private final Sentence sentence;
  private final BitSet used;
  private final boolean positional;
  private final Map<String, Object> args = new LinkedHashMap<>();
  private Optional<String> impossible = Optional.empty();
  private Optional<String> ambiguous = Optional.empty();
  private int doubts;

  /// @param used words that the rule explains; extended by those that fill parameters
  /// @param positional whether words without a marker fill names in order, as in the slash form
  Slots(Frame frame, Sentence sentence, BitSet used, boolean positional) {
    this.frame = frame;
    this.sentence = sentence;
    this.used = used;
    this.positional = positional;
  }

  void fill() {
    pairs();
    for (Frame.Param param : frame.params()) {
      if (!args.containsKey(param.name())) {
        switch (param.kind()) {
          case TAG, SELECT -> tag(param);
          case NAME, TEXT, PLAYBOOK, RUNBOOK -> name(param);
          default -> {}
        }
      }
    }
    numbersByMarker();
    for (Frame.Param param : frame.params()) {
      if (!args.containsKey(param.name())) {
        typed(param);
      }
    }
    for (Frame.Param param : frame.params()) {
      if (!args.containsKey(param.name())
          && (param.loose() || positional && isFree(param.kind()))) {
        loose(param);
      }
    }
    order();
  }

  private static boolean isFree(Kind kind) {
    return switch (kind) {
      case NAME, STORAGE, PLAYBOOK, RUNBOOK, TEXT, SERVICE -> true;
      default -> false;
    };
  }

  Map<String, Object> args() {
    return args;
  }

  /// A value that cannot be, as the end of a sentence.
  Optional<String> impossible() {
    return impossible;
  }

  Optional<String> ambiguous() {
    return ambiguous;
  }

  /// How often a value was taken without a word that says so.
  int doubts() {
    return doubts;
  }

  /// Puts the arguments into the order of the parameters.
  private void order() {
    Map<String, Object> ordered = new LinkedHashMap<>();
    for (Frame.Param param : frame.params()) {
      if (args.containsKey(param.name())) {
        ordered.put(param.name(), args.get(param.name()));
      }
    }
    args.forEach(ordered::putIfAbsent);
    args.clear();
    args.putAll(ordered);
  }

  // --- KEY=value
  // -----------------------------------------------------------------------------------------------

  private void pairs() {
    for (int i = 0; i < sentence.size(); i++) {
      if (!used.get(i) && sentence.token(i).value().orElse(null) instanceof Values.Pair pair) {
        Optional<Frame.Param> param = byKey(pair.key());
        if (param.isPresent() && Pairs.put(param.orElseThrow(), pair.value(), sentence, args)) {
          used.set(i);
        }
      }
    }
  }

  private Optional<Frame.Param> byKey(String key) {
    String low = key.toLowerCase(Locale.ROOT);
    Optional<Frame.Param> same = frame.param(low);
    return same.isPresent() ? same : frame.param(Pairs.SYNONYMS.getOrDefault(low, low));
  }

  // --- names and tags
  // ------------------------------------------------------------------------------------------

  private void tag(Frame.Param param) {
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

  private void name(Frame.Param param) {
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
      boolean passable = BETWEEN.contains(token.low()) || (used.get(i) && token.value().isEmpty());
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
        case Values.Cluster _, Values.Node _, Values.Machine _ ->
            strong || frame.param("add").isPresent() || frame.param("remove").isPresent();
        default -> false;
      };
    }
    if (BETWEEN.contains(token.low())) {
      return false;
    }
    boolean talk = !token.talk().isEmpty();
    boolean concept =
        !sentence.parts(i).isEmpty() && sentence.parts(i).stream().anyMatch(_ -> isExact(i));
    return strong ? !isGlue(token) : !talk && !concept;
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
  private void loose(Frame.Param param) {
    if (!positional && param.name().equals("remove") && !sentence.has("untag")) {
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
        if (positional) {
          continue;
        }
        return;
      }
      if (found >= 0) {
        if (positional) {
          break;
        }
        return;
      }
      found = i;
    }
    if (found >= 0) {
      if (!positional
          && !sentence.token(found).quoted()
          && isExact(found)
          && !param.name().equals("add")) {
        return;
      }
      Token token = sentence.token(found);
      args.put(
          param.name(), param.kind() == Kind.TAG ? token.low() : strip(token.raw(), param.kind()));
      used.set(found);
      doubts++;
    }
  }

  // --- numbers
  // -------------------------------------------------------------------------------------------------

  private static boolean isNumber(Kind kind) {
    return switch (kind) {
      case VM, VMS, NEWVM, TEMPLATE, OPERATION -> true;
      default -> false;
    };
  }

  /// Numbers that follow a word which says whose they are: `from 101`, `operation 42`.
  private void numbersByMarker() {
    for (int i = 0; i < sentence.size(); i++) {
      if (used.get(i) || !isVmLike(i)) {
        continue;
      }
      for (Frame.Param param : frame.params()) {
        if (isNumber(param.kind())
            && !param.after().isEmpty()
            && !args.containsKey(param.name())
            && follows(i, param.after())) {
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

  /// Whether the nearest telling word to the left is one of these.
  private boolean follows(int at, Set<String> markers) {
    for (int i = at - 1; i >= 0; i--) {
      String low = sentence.token(i).low();
      if (markers.contains(low) && !sentence.token(i).quoted()) {
        return true;
      }
      boolean passable =
          BETWEEN.contains(low) && !low.equals("to") && !low.equals("from") && !low.equals("of");
      if (!passable) {
        return false;
      }
    }
    return false;
  }

  private void number(Frame.Param param, int i) {
    long value =
        switch (sentence.token(i).value().orElseThrow()) {
          case Values.Num num -> num.value();
          case Values.Machine machine -> machine.vmid();
          default -> -1;
        };
    if (param.kind() == Kind.OPERATION) {
      if (value < 1 || value > Integer.MAX_VALUE) {
        impossible = Optional.of("there is no operation %d".formatted(value));
      } else {
        args.put(param.name(), (int) value);
      }
    } else if (value < LOWEST_VMID || value > HIGHEST_VMID) {
      impossible =
          Optional.of(
              "%d is no VMID; they go from %d to %d".formatted(value, LOWEST_VMID, HIGHEST_VMID));
    } else {
      args.put(
          param.name(), param.kind() == Kind.VMS ? List.of((int) value) : (Object) (int) value);
    }
    used.set(i);
  }

  // --- values of a type
  // ----------------------------------------------------------------------------------------

  private void typed(Frame.Param param) {
    switch (param.kind()) {
      case PROFILE -> cluster(param);
      case NODE -> node(param);
      case VM, TEMPLATE, NEWVM, OPERATION ->
          first(Values.Num.class).ifPresent(i -> number(param, i));
      case VMS -> vms(param);
      case INTEGER -> cores(param);
      case MEMORY -> memory(param);
      case SIZE -> size(param);
      case CIDR -> address(param);
      case VERSION -> version(param);
      case STORAGE -> name(param);
      case DISK -> text(param, Values.Disk.class);
      case URL -> text(param, Values.Url.class);
      case UPID -> text(param, Values.Upid.class);
      case DIGEST -> digest(param);
      case DURATION -> text(param, Values.Span.class);
      case STATE ->
          concept(param, List.of("running", "stopped", "failed", "lockedstate", "pending"));
      case SOURCE -> source(param);
      case ASPECT -> concept(param, List.of("ntp", "repos", "cert", "network"));
      case SERVICE -> service(param);
      case EXTENSIONS -> extensions(param);
      case SINCE -> since(param);
      case KEEP -> keep(param);
      case REASON -> quoted(param);
      case TAG, SELECT, TAGLIST, NAME, TEXT, BOOLEAN, PLAYBOOK, RUNBOOK -> {}
    }
  }

  private <T extends Values> Optional<Integer> first(Class<T> type) {
    for (int i = 0; i < sentence.size(); i++) {
      if (!used.get(i) && type.isInstance(sentence.token(i).value().orElse(null))) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private <T extends Values> void text(Frame.Param param, Class<T> type) {
    first(type)
        .ifPresent(i -> {
          String text =
              switch (sentence.token(i).value().orElseThrow()) {
                case Values.Disk disk -> disk.text();
                case Values.Url url -> url.text();
                case Values.Upid upid -> upid.text();
                case Values.Span span -> span.text();
                default -> sentence.token(i).raw();
              };
          args.put(param.name(), text);
          used.set(i);
        });
  }

  /// A reason in quotation marks; one after "because" is cut off before.
  private void quoted(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      if (!used.get(i) && sentence.token(i).quoted()) {
        args.put(param.name(), sentence.token(i).raw());
        used.set(i);
        return;
      }
    }
  }

  private void digest(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      Token token = sentence.token(i);
      boolean number =
          token.value().orElse(null) instanceof Values.Num && token.low().length() >= 6;
      if (!used.get(i)
          && (number || token.value().orElse(null) instanceof Values.Hex || isHex(token.low()))) {
        args.put(param.name(), token.low());
        used.set(i);
        return;
      }
    }
  }

  private static boolean isHex(String low) {
    return low.length() >= 6
        && low.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
  }

  private void cluster(Frame.Param param) {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < sentence.size(); i++) {
      if (!used.get(i)
          && sentence.token(i).value().orElse(null) instanceof Values.Cluster cluster) {
        names.add(cluster.name());
        used.set(i);
      }
    }
    if (names.size() > 1) {
      ambiguous = Optional.of("several clusters: " + String.join(", ", names));
    } else if (!names.isEmpty()) {
      args.put(param.name(), names.iterator().next());
    }
  }

  private void node(Frame.Param param) {
    Set<String> names = new LinkedHashSet<>();
    List<Integer> places = new ArrayList<>();
    boolean marked = !param.after().isEmpty();
    for (int pass = marked ? 0 : 1; pass < 2 && names.isEmpty(); pass++) {
      for (int i = 0; i < sentence.size(); i++) {
        if (!used.get(i) && sentence.token(i).value().orElse(null) instanceof Values.Node node) {
          boolean after = marked && follows(i, param.after());
          boolean away = !param.after().contains("from") && follows(i, Set.of("from", "off"));
          if (pass == 0 ? after : !away && !followsOther(i, param)) {
            names.add(node.name());
            places.add(i);
          }
        }
      }
    }
    if (names.isEmpty()) {
      return;
    }
    places.forEach(used::set);
    if (names.size() > 1) {
      ambiguous = Optional.of("several nodes: " + String.join(", ", names));
    }
    args.put(param.name(), names.iterator().next());
    if (!param.after().contains("from")) {
      for (int i = 0; i < sentence.size(); i++) {
        if (!used.get(i)
            && sentence.token(i).value().orElse(null) instanceof Values.Node
            && follows(i, Set.of("from", "off"))) {
          used.set(i);
        }
      }
    }
  }

  /// Whether the word belongs to another parameter of the same kind by its marker.
  private boolean followsOther(int i, Frame.Param param) {
    for (Frame.Param other : frame.params()) {
      if (other != param
          && other.kind() == param.kind()
          && !other.after().isEmpty()
          && follows(i, other.after())) {
        return true;
      }
    }
    return false;
  }

  private void vms(Frame.Param param) {
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
            impossible =
                Optional.of(
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
      impossible =
          Optional.of("%d-%d is no range of up to 100 VMIDs".formatted(range.from(), range.to()));
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
        || frame.param("keep").isPresent() && follows(i, Set.of("keep", "keeping", "retain"));
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

  private void cores(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      if (!used.get(i)
          && isCoresNumber(i)
          && sentence.token(i).value().orElseThrow() instanceof Values.Num num) {
        used.set(i);
        mark("cores");
        if (num.value() < 1) {
          impossible = Optional.of("%d cores cannot be".formatted(num.value()));
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
          impossible = Optional.of("%d cores cannot be".formatted(num.value()));
          used.set(i);
        }
      }
    }
  }

  private void memory(Frame.Param param) {
    for (int at = 0; at < sentence.size(); at++) {
      int i = at;
      if (used.get(i)) {
        continue;
      }
      switch (sentence.token(i).value().orElse(null)) {
        case Values.Amount amount -> {
          used.set(i);
          if (!sentence.has("memory")) {
            doubts++;
          }
          mark("memory");
          amount(param, amount);
          return;
        }
        case Values.Num num when isMemoryNumber(i) -> {
          used.set(i);
          mark("memory");
          args.put(param.name(), (int) Math.min(num.value(), Integer.MAX_VALUE));
          return;
        }
        case null, default -> {}
      }
    }
  }

  private void amount(Frame.Param param, Values.Amount amount) {
    if (amount.negative() || amount.mib() < 1 || amount.mib() > 64L * 1024 * 1024) {
      impossible = Optional.of("that amount of memory cannot be");
    } else if (amount.relative()) {
      args.put(param.name(), "+" + amount.mib());
    } else {
      args.put(param.name(), (int) amount.mib());
    }
  }

  private void mark(String concept) {
    sentence
        .matches(concept)
        .forEach(match -> {
          for (int t : match.tokens()) {
            used.set(t);
          }
        });
  }

  private void size(Frame.Param param) {
    Optional<Integer> found = first(Values.Amount.class);
    if (found.isEmpty()) {
      return;
    }
    int i = found.orElseThrow();
    Values.Amount amount = (Values.Amount) sentence.token(i).value().orElseThrow();
    used.set(i);
    if (amount.negative() || amount.mib() < 1 || sentence.has("shrink")) {
      impossible = Optional.of("a disk cannot be made smaller");
      return;
    }
    Set<String> more = Set.of("by", "another", "additional", "extra", "more", "further");
    boolean absolute =
        follows(i, Set.of("to")) || i > 0 && sentence.token(i - 1).low().equals("to");
    boolean relative =
        amount.relative()
            || follows(i, more)
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
    mark("disk");
  }

  private void address(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      if (used.get(i)) {
        continue;
      }
      switch (sentence.token(i).value().orElse(null)) {
        case Values.Cidr cidr -> {
          args.put(param.name(), cidr.text());
          used.set(i);
          return;
        }
        case Values.Ip ip -> {
          used.set(i);
          if (frame.intent().equals("vm.set") || frame.intent().equals("vm.clone")) {
            ambiguous =
                Optional.of(
                    "the address %s needs its prefix length, as in %s/24"
                        .formatted(ip.text(), ip.text()));
          } else {
            args.put(param.name(), ip.text());
          }
          return;
        }
        case null, default -> {}
      }
    }
  }

  private void version(Frame.Param param) {
    int found = -1;
    for (int i = 0; i < sentence.size(); i++) {
      Token token = sentence.token(i);
      boolean newest = Set.of("latest", "newest").contains(token.low());
      if (used.get(i) && !newest) {
        continue;
      }
      if (!(token.value().orElse(null) instanceof Values.Version) && !newest) {
        continue;
      }
      if (newest && found >= 0) {
        used.set(i);
        continue;
      }
      used.set(i);
      if (found < 0
          || !follows(i, Set.of("from"))
              && (follows(i, Set.of("to", "->")) || follows(found, Set.of("from")))) {
        found = i;
      } else if (!follows(i, Set.of("from")) && !follows(i, Set.of("to"))) {
        used.clear(i);
      }
    }
    if (found >= 0) {
      String text =
          sentence.token(found).value().orElse(null) instanceof Values.Version version
              ? version.text()
              : "latest";
      args.put(param.name(), text);
    }
  }

  private void concept(Frame.Param param, List<String> concepts) {
    Optional<String> best = Optional.empty();
    int longest = 0;
    for (String concept : concepts) {
      for (Sentence.Match match : sentence.matches(concept)) {
        if (match.tokens().length > longest) {
          longest = match.tokens().length;
          best = Optional.of(concept);
        }
      }
    }
    best.ifPresent(concept -> {
      mark(concept);
      String word =
          concept.equals("lockedstate") ? "locked" : concept.equals("cert") ? "certs" : concept;
      args.put(param.name(), word);
    });
  }

  private void source(Frame.Param param) {
    for (String concept : List.of("packer", "qcow2", "iso", "cloudimage", "talos")) {
      if (sentence.has(concept)) {
        args.put(param.name(), concept.equals("cloudimage") ? "cloud-image" : concept);
        List.of("packer", "qcow2", "iso", "cloudimage", "talos").forEach(this::mark);
        return;
      }
    }
  }

  private void service(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      if (SERVICES.contains(sentence.token(i).low())) {
        args.put(param.name(), sentence.token(i).low());
        used.set(i);
        return;
      }
    }
    name(param);
  }

  static boolean isService(String low) {
    return SERVICES.contains(low);
  }

  private void extensions(Frame.Param param) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < sentence.size(); i++) {
      Token token = sentence.token(i);
      String low = token.low();
      if (low.startsWith("siderolabs/")) {
        low = low.substring("siderolabs/".length());
      } else if (used.get(i) || token.value().isPresent() || !isExtension(i, low)) {
        continue;
      }
      names.add(low);
      used.set(i);
    }
    if (!names.isEmpty()) {
      args.put(param.name(), List.copyOf(names));
    }
  }

  private boolean isExtension(int i, String low) {
    if (EXTENSIONS.contains(low)) {
      return true;
    }
    Token token = sentence.token(i);
    return param("extensions").loose()
        && token.talk().isEmpty()
        && sentence.parts(i).isEmpty()
        && isNameShaped(low);
  }

  private Frame.Param param(String name) {
    return frame.param(name).orElseThrow();
  }

  private void since(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      String low = sentence.token(i).low();
      Optional<Values> value = sentence.token(i).value();
      if (value.orElse(null) instanceof Values.Clock clock) {
        args.put(param.name(), clock.text());
      } else if (value.orElse(null) instanceof Values.Span span) {
        args.put(param.name(), span.text());
      } else if (Set.of(
              "yesterday",
              "today",
              "tonight",
              "monday",
              "tuesday",
              "wednesday",
              "thursday",
              "friday",
              "saturday",
              "sunday",
              "noon",
              "midnight")
          .contains(low)) {
        args.put(param.name(), low);
      } else if (Set.of("last", "this", "past").contains(low)
          && i + 1 < sentence.size()
          && Set.of(
                  "night",
                  "week",
                  "hour",
                  "month",
                  "morning",
                  "day",
                  "evening",
                  "afternoon",
                  "weekend")
              .contains(sentence.token(i + 1).low())) {
        args.put(param.name(), low + " " + sentence.token(i + 1).low());
        used.set(i + 1);
      } else {
        if (Set.of("since", "last", "past", "ago", "after", "in", "within", "between")
            .contains(low)) {
          used.set(i);
        }
        continue;
      }
      used.set(i);
    }
  }

  private void keep(Frame.Param param) {
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
