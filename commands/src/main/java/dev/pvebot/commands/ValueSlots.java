package dev.pvebot.commands;

import dev.pvebot.commands.Sentence.Token;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Values that have a form of their own: clusters, nodes, addresses, versions, times, and the
/// closed choices.
final class ValueSlots {
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

  private final Filling filling;
  private final Frame frame;
  private final Sentence sentence;
  private final BitSet used;
  private final Map<String, Object> args;
  private final NameSlots names;

  ValueSlots(Filling filling, NameSlots names) {
    this.filling = filling;
    this.frame = filling.frame();
    this.sentence = filling.sentence();
    this.used = filling.used();
    this.args = filling.args();
    this.names = names;
  }

  /// A reason in quotation marks; one after "because" is cut off before.
  void quoted(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      if (!used.get(i) && sentence.token(i).quoted()) {
        args.put(param.name(), sentence.token(i).raw());
        used.set(i);
        return;
      }
    }
  }

  void digest(Frame.Param param) {
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

  void cluster(Frame.Param param) {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < sentence.size(); i++) {
      if (!used.get(i)
          && sentence.token(i).value().orElse(null) instanceof Values.Cluster cluster) {
        names.add(cluster.name());
        used.set(i);
      }
    }
    if (names.size() > 1) {
      filling.doubt("several clusters: " + String.join(", ", names));
    } else if (!names.isEmpty()) {
      args.put(param.name(), names.iterator().next());
    }
  }

  void node(Frame.Param param) {
    Set<String> names = new LinkedHashSet<>();
    List<Integer> places = new ArrayList<>();
    boolean marked = !param.after().isEmpty();
    int passes = isFirstNode(param) ? 2 : 1;
    for (int pass = marked ? 0 : 1; pass < passes && names.isEmpty(); pass++) {
      for (int i = 0; i < sentence.size(); i++) {
        if (!used.get(i) && sentence.token(i).value().orElse(null) instanceof Values.Node node) {
          boolean after = marked && filling.follows(i, param.after());
          boolean away =
              !param.after().contains("from") && filling.follows(i, Set.of("from", "off"));
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
      filling.doubt("several nodes: " + String.join(", ", names));
    }
    args.put(param.name(), names.iterator().next());
    if (!param.after().contains("from")) {
      for (int i = 0; i < sentence.size(); i++) {
        if (!used.get(i)
            && sentence.token(i).value().orElse(null) instanceof Values.Node
            && filling.follows(i, Set.of("from", "off"))) {
          used.set(i);
        }
      }
    }
  }

  private boolean isFirstNode(Frame.Param param) {
    return frame.params().stream()
        .filter(p -> p.kind() == Kind.NODE)
        .findFirst()
        .map(param::equals)
        .orElse(false);
  }

  /// Whether the word belongs to another parameter of the same kind by its marker.
  private boolean followsOther(int i, Frame.Param param) {
    for (Frame.Param other : frame.params()) {
      if (other != param
          && other.kind() == param.kind()
          && !other.after().isEmpty()
          && filling.follows(i, other.after())) {
        return true;
      }
    }
    return false;
  }

  void address(Frame.Param param) {
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
            filling.doubt(
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

  void version(Frame.Param param) {
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
          || !filling.follows(i, Set.of("from"))
              && (filling.follows(i, Set.of("to", "->"))
                  || filling.follows(found, Set.of("from")))) {
        found = i;
      } else if (!filling.follows(i, Set.of("from")) && !filling.follows(i, Set.of("to"))) {
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

  void concept(Frame.Param param, List<String> concepts) {
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
      filling.mark(concept);
      String word =
          concept.equals("lockedstate") ? "locked" : concept.equals("cert") ? "certs" : concept;
      args.put(param.name(), word);
    });
  }

  void source(Frame.Param param) {
    for (String concept : List.of("packer", "qcow2", "iso", "cloudimage", "talos")) {
      if (sentence.has(concept)) {
        args.put(param.name(), concept.equals("cloudimage") ? "cloud-image" : concept);
        List.of("packer", "qcow2", "iso", "cloudimage", "talos").forEach(filling::mark);
        return;
      }
    }
  }

  static boolean isService(String low) {
    return SERVICES.contains(low);
  }

  void extensions(Frame.Param param) {
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
        && NameSlots.isNameShaped(low);
  }

  private Frame.Param param(String name) {
    return frame.param(name).orElseThrow();
  }

  void since(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      String low = sentence.token(i).low();
      Optional<Values> value = sentence.token(i).value();
      if (low.matches("\\d{4}-\\d{2}-\\d{2}")) {
        args.put(param.name(), low);
      } else if (value.orElse(null) instanceof Values.Clock clock) {
        String day = String.valueOf(args.getOrDefault(param.name(), ""));
        args.put(param.name(), day.startsWith("20") ? day + " " + clock.text() : clock.text());
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

  <T extends Values> void text(Frame.Param param, Class<T> type) {
    filling
        .first(type)
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

  void service(Frame.Param param) {
    for (int i = 0; i < sentence.size(); i++) {
      if (SERVICES.contains(sentence.token(i).low())) {
        args.put(param.name(), sentence.token(i).low());
        used.set(i);
        return;
      }
    }
    names.name(param);
  }
}
