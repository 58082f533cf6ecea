package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.ConfigWords;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// `pve.vm.configure`: sets values of a VM's configuration. All values are absolute, so doing it
/// twice does no harm; it is written with PVE's `digest`, so nobody's change of the same moment is
/// lost.
///
/// A running VM takes cores and memory at its next start; the configuration says so at once.
final class ConfigureVm extends GuestAction<ConfigureVm.Inputs, ConfigureVm.Output> {

  /// @param memory MiB
  /// @param tags the full new list
  /// @param mac of `net0`
  /// @param bridge of `net0`
  /// @param ip with prefix length, `10.0.0.51/24`, or `dhcp`
  /// @param description our own mark in the old one is kept
  /// @param onboot start with the node
  /// @param agent whether the QEMU guest agent's channel is there
  public record Inputs(
      Vmid vm,
      Optional<Integer> cores,
      Optional<Integer> memory,
      Optional<List<String>> tags,
      Optional<String> mac,
      Optional<String> bridge,
      Optional<String> ip,
      Optional<String> gateway,
      Optional<List<String>> nameservers,
      Optional<String> name,
      Optional<String> description,
      Optional<Boolean> onboot,
      Optional<Boolean> agent) {}

  /// @param digest of the configuration as it is then
  public record Output(String digest) {}

  ConfigureVm(Reach reach) {
    super(
        reach,
        "pve.vm.configure",
        Inputs.class,
        Output.class,
        traits(
            Risk.CHANGE,
            Duration.ofMinutes(2),
            Duration.ofSeconds(15),
            onVms("VM.Config.CPU"),
            onVms("VM.Config.Memory"),
            onVms("VM.Config.Network"),
            onVms("VM.Config.Cloudinit"),
            onVms("VM.Config.Options"),
            new Traits.Privilege("SDN.Use", "/sdn")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "configuring";
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseLocked(guest);
    refuseUnfit(inputs);
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    Map<String, String> before = detail.map(GuestDetail::config).orElseGet(() -> projected(guest));
    Map<String, String> wanted = wanted(inputs, before);
    boolean known = detail.isPresent();
    List<String> changes = new ArrayList<>();
    wanted.forEach((key, value) -> {
      Optional<String> old = Optional.ofNullable(before.get(key));
      if (old.isEmpty() || !same(key, old.get(), value)) {
        changes.add(
            Changes.words(
                key,
                old.filter(_ -> known || Set.of("cores", "memory", "tags", "name").contains(key)),
                value));
      }
    });
    boolean later = guest.isRunning() && changes.stream().anyMatch(Changes::needsRestart);
    boolean nothing = changes.isEmpty() && (known || !wanted.isEmpty());
    String text =
        nothing
            ? Words.named(guest) + " is configured so already"
            : "%s: %s%s"
                .formatted(
                    Words.named(guest),
                    String.join(", ", changes),
                    later ? " (takes effect at its next start)" : "");
    Fleet.Guest after =
        Projected.configured(
            guest,
            inputs.name().orElse(guest.name()),
            inputs.tags().<Set<String>>map(ConfigureVm::normal).orElse(guest.tags()),
            inputs.cores().orElse(guest.cores()),
            inputs.memory().map(mib -> (long) mib << 20).orElse(guest.memoryBytes()));
    return preview(
        inputs,
        nothing ? Effect.Kind.KEEP : Effect.Kind.CHANGE,
        guest,
        text,
        detail,
        Projected.with(planning.fleet(), after),
        Duration.ofSeconds(2));
  }

  /// What is known of the configuration of a VM that an earlier step makes.
  private static Map<String, String> projected(Fleet.Guest guest) {
    return Map.of(
        "cores", String.valueOf(guest.cores()),
        "memory", String.valueOf(guest.memoryBytes() >> 20),
        "tags", String.join(";", guest.tags()),
        "name", guest.name());
  }

  private static void refuseUnfit(Inputs inputs) {
    if (inputs.cores().filter(cores -> cores < 1 || cores > 1024).isPresent()) {
      throw ActionFailure.refused(
          "%d cores are impossible".formatted(inputs.cores().get()), "give 1 to 1024");
    }
    if (inputs.memory().filter(mib -> mib < 16).isPresent()) {
      throw ActionFailure.refused(
          "%d MiB of memory are impossible".formatted(inputs.memory().get()),
          "give 16 MiB or more; it is counted in MiB");
    }
    if (inputs
        .ip()
        .filter(ip -> !ip.equals("dhcp") && !ip.matches("\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}"))
        .isPresent()) {
      throw ActionFailure.refused(
          "'%s' is no address with prefix length".formatted(inputs.ip().get()),
          "write it as 10.0.0.51/24, or dhcp");
    }
    if (inputs.mac().filter(mac -> !mac.matches("(?i)([0-9a-f]{2}:){5}[0-9a-f]{2}")).isPresent()) {
      throw ActionFailure.refused(
          "'%s' is no MAC address".formatted(inputs.mac().get()), "write it as BC:24:11:AA:BB:CC");
    }
    for (String tag : inputs.tags().orElse(List.of())) {
      VmTags.refuseUnfit(tag);
    }
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    Map<String, String> wanted = wanted(inputs, now.config());
    PveCall call =
        PveCall.put(
            "configuring VM %s on %s".formatted(now.vmid(), now.node()),
            "nodes",
            now.node(),
            "qemu",
            now.vmid(),
            "config");
    for (Map.Entry<String, String> entry : wanted.entrySet()) {
      boolean clears = entry.getValue().isEmpty();
      if (!clears) {
        call = call.with(entry.getKey(), entry.getValue());
      } else if (now.config().containsKey(entry.getKey())) {
        call = call.with("delete", entry.getKey());
      }
    }
    return call.with("digest", now.digest());
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now) {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    Map<String, String> config = now.get().config();
    List<String> open = new ArrayList<>();
    wanted(inputs, config)
        .forEach((key, value) -> {
          if (!same(key, config.getOrDefault(key, ""), value)) {
            open.add(key);
          }
        });
    return open.isEmpty()
        ? new Observation.Done<>(new Output(now.get().digest()))
        : new Observation.NotDone<>("not set yet: " + String.join(", ", open));
  }

  /// The values to set, given what stands there now: parts of a string that nobody mentioned stay
  /// as they are.
  private static Map<String, String> wanted(Inputs inputs, Map<String, String> now) {
    Map<String, String> wanted = new LinkedHashMap<>();
    inputs.cores().ifPresent(cores -> wanted.put("cores", String.valueOf(cores)));
    inputs.memory().ifPresent(mib -> wanted.put("memory", String.valueOf(mib)));
    inputs.tags().ifPresent(tags -> wanted.put("tags", String.join(";", normal(tags))));
    if (inputs.mac().isPresent() || inputs.bridge().isPresent()) {
      wanted.put("net0", net(inputs, now.getOrDefault("net0", "")));
    }
    if (inputs.ip().isPresent() || inputs.gateway().isPresent()) {
      Map<String, String> parts = ConfigWords.parts(now.getOrDefault("ipconfig0", ""), "ip");
      inputs.ip().ifPresent(ip -> parts.put("ip", ip));
      inputs.gateway().ifPresent(gateway -> parts.put("gw", gateway));
      if ("dhcp".equals(parts.get("ip"))) {
        parts.remove("gw");
      }
      wanted.put("ipconfig0", ConfigWords.join(parts));
    }
    inputs.nameservers().ifPresent(servers -> wanted.put("nameserver", String.join(" ", servers)));
    inputs.name().ifPresent(name -> wanted.put("name", name));
    inputs
        .description()
        .ifPresent(text ->
            wanted.put(
                "description", Marks.keep(text, now.getOrDefault("description", ""), inputs.vm())));
    inputs.onboot().ifPresent(onboot -> wanted.put("onboot", onboot ? "1" : "0"));
    inputs
        .agent()
        .ifPresent(agent -> wanted.put("agent", agent(agent, now.getOrDefault("agent", ""))));
    return wanted;
  }

  private static String net(Inputs inputs, String now) {
    Map<String, String> parts = new LinkedHashMap<>(ConfigWords.parts(now, "model"));
    String model =
        parts.keySet().stream()
            .filter(key -> ConfigWords.mac(parts.getOrDefault(key, "")).isPresent())
            .findFirst()
            .orElse("virtio");
    Map<String, String> net = new LinkedHashMap<>();
    Optional<String> mac =
        inputs
            .mac()
            .map(text -> text.toUpperCase(Locale.ROOT))
            .or(() -> Optional.ofNullable(parts.remove(model)));
    parts.remove(model);
    mac.ifPresentOrElse(address -> net.put(model, address), () -> net.put("model", model));
    net.putAll(parts);
    inputs.bridge().ifPresent(bridge -> net.put("bridge", bridge));
    return ConfigWords.join(net);
  }

  private static String agent(boolean on, String now) {
    Map<String, String> parts = ConfigWords.parts(now, "enabled");
    if (parts.size() <= 1) {
      return on ? "1" : "0";
    }
    parts.put("enabled", on ? "1" : "0");
    return ConfigWords.join(parts);
  }

  private static TreeSet<String> normal(List<String> tags) {
    TreeSet<String> normal = new TreeSet<>();
    tags.forEach(tag -> normal.add(tag.toLowerCase(Locale.ROOT)));
    return normal;
  }

  /// PVE orders and normalises what it stores.
  private static boolean same(String key, String left, String right) {
    return switch (key) {
      case "tags" -> VmTags.of(left).equals(VmTags.of(right));
      case "net0", "ipconfig0" -> parts(left).equals(parts(right));
      case "agent" -> flag(left).equals(flag(right));
      case "onboot" -> (left.isEmpty() ? "0" : left).equals(right);
      case "description" -> left.strip().equals(right.strip());
      case "nameserver" ->
          List.of(left.strip().split("[ ,;]+", -1))
              .equals(List.of(right.strip().split("[ ,;]+", -1)));
      default -> left.equals(right);
    };
  }

  private static Map<String, String> parts(String text) {
    Map<String, String> parts = new LinkedHashMap<>();
    ConfigWords.parts(text, "")
        .forEach((key, value) -> parts.put(key, ConfigWords.mac(value).orElse(value)));
    return parts;
  }

  private static Map<String, String> flag(String text) {
    Map<String, String> parts = ConfigWords.parts(text, "enabled");
    parts.putIfAbsent("enabled", "0");
    return parts;
  }

  /// One change in words.
  static final class Changes {
    private Changes() {}

    static String words(String key, Optional<String> old, String value) {
      String was =
          old.filter(text -> !text.isEmpty())
              .map(text -> " (was %s)".formatted(amount(key, text)))
              .orElse("");
      return switch (key) {
        case "cores" -> value + (value.equals("1") ? " core" : " cores") + was;
        case "memory" -> "memory " + amount(key, value) + was;
        case "tags" ->
            "tags "
                + (value.isEmpty() ? "none" : value.replace(";", ", "))
                + old.filter(text -> !text.isEmpty())
                    .map(text -> " (were %s)".formatted(text.replace(";", ", ")))
                    .orElse("");
        case "net0" -> "network card " + value;
        case "ipconfig0" -> "address " + value.replace("ip=", "").replace(",gw=", ", gateway ");
        case "nameserver" -> "name servers " + value;
        case "description" -> "description '%s'".formatted(Marks.without(value));
        case "onboot" ->
            value.equals("1") ? "starts with its node" : "does not start with its node";
        case "agent" ->
            ConfigWords.parts(value, "enabled").getOrDefault("enabled", "0").equals("1")
                ? "guest agent on"
                : "guest agent off";
        default -> key + " " + value + was;
      };
    }

    private static String amount(String key, String value) {
      return key.equals("memory") && value.matches("\\d{1,12}")
          ? Words.size(Long.parseLong(value) << 20)
          : value;
    }

    static boolean needsRestart(String words) {
      return words.contains(" core")
          || words.startsWith("memory ")
          || words.startsWith("guest agent");
    }
  }
}
