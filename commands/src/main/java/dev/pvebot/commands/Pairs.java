package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Values given as `KEY=value`, in the Taskfile form and as options of the slash form.
final class Pairs {
  /// Other names of parameters.
  static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("vmid", "vm"),
          Map.entry("vms", "vm"),
          Map.entry("vmids", "vm"),
          Map.entry("id", "vm"),
          Map.entry("target", "node"),
          Map.entry("host", "node"),
          Map.entry("to", "node"),
          Map.entry("profile", "cluster"),
          Map.entry("env", "cluster"),
          Map.entry("environment", "cluster"),
          Map.entry("ram", "memory"),
          Map.entry("mem", "memory"),
          Map.entry("cpu", "cores"),
          Map.entry("cpus", "cores"),
          Map.entry("vcpus", "cores"),
          Map.entry("core", "cores"),
          Map.entry("ipaddress", "ip"),
          Map.entry("address", "ip"),
          Map.entry("operation", "op"),
          Map.entry("label", "tag"),
          Map.entry("svc", "service"),
          Map.entry("datastore", "storage"),
          Map.entry("snapshot", "name"),
          Map.entry("snap_name", "name"),
          Map.entry("extension", "extensions"),
          Map.entry("ver", "version"),
          Map.entry("node_ip", "ip"));

  private Pairs() {}

  /// Puts the value under the parameter's name; false when it cannot be one of that kind.
  static boolean put(Frame.Param param, String text, Sentence sentence, Map<String, Object> args) {
    Optional<Object> value = value(param, unquote(text), sentence);
    value.ifPresent(each -> args.put(param.name(), each));
    return value.isPresent();
  }

  private static String unquote(String text) {
    boolean quoted =
        text.length() > 1
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private static Optional<Object> value(Frame.Param param, String text, Sentence sentence) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Values> named = sentence.named(text.toLowerCase(Locale.ROOT));
    Optional<Values> value = named.isPresent() ? named : Values.shape(text);
    return switch (param.kind()) {
      case PROFILE ->
          value.orElse(null) instanceof Values.Cluster c ? Optional.of(c.name()) : Optional.empty();
      case NODE ->
          value.orElse(null) instanceof Values.Node n ? Optional.of(n.name()) : Optional.empty();
      case VMS -> vms(text);
      case VM, TEMPLATE, NEWVM -> vmid(text).map(id -> id);
      case OPERATION, INTEGER -> positive(value);
      case MEMORY -> memory(value);
      case SIZE -> size(value);
      case VERSION -> version(text, value);
      case BOOLEAN ->
          switch (text.toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes", "on" -> Optional.of(Boolean.TRUE);
            case "0", "false", "no", "off" -> Optional.of(Boolean.FALSE);
            default -> Optional.empty();
          };
      case TAGLIST -> list(text);
      case EXTENSIONS -> list(text.replace("siderolabs/", ""));
      case CIDR ->
          value.orElse(null) instanceof Values.Cidr c
              ? Optional.of(c.text())
              : value.orElse(null) instanceof Values.Ip ip && !param.name().equals("cidr")
                  ? Optional.of(ip.text())
                  : Optional.empty();
      case TAG, SELECT ->
          NameSlots.isNameShaped(text)
              ? Optional.of(text.toLowerCase(Locale.ROOT))
              : Optional.empty();
      case NAME, PLAYBOOK, RUNBOOK, STORAGE, DISK, SERVICE ->
          NameSlots.isNameShaped(text) ? Optional.of(text) : Optional.empty();
      case DURATION ->
          value.orElse(null) instanceof Values.Num num
              ? Optional.of(num.value() + "s")
              : value.orElse(null) instanceof Values.Span s
                  ? Optional.of(s.text())
                  : Optional.empty();
      case TEXT, UPID, URL, STATE, SOURCE, ASPECT, SINCE, KEEP, DIGEST, REASON, SETTINGS ->
          Optional.of(text);
    };
  }

  private static Optional<Object> vms(String text) {
    List<Integer> ids = new ArrayList<>();
    for (String part : Resource.split(text.replace(';', ','), ',')) {
      Optional<Integer> id = vmid(part);
      if (id.isEmpty()) {
        return Optional.empty();
      }
      ids.add(id.orElseThrow());
    }
    return ids.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(ids));
  }

  private static Optional<Integer> vmid(String text) {
    return Values.shape(text)
        .filter(v ->
            v instanceof Values.Num n
                && n.value() >= NumberSlots.LOWEST_VMID
                && n.value() <= NumberSlots.HIGHEST_VMID)
        .map(v -> (int) ((Values.Num) v).value());
  }

  private static Optional<Object> positive(Optional<Values> value) {
    return value.orElse(null) instanceof Values.Num num
            && num.value() > 0
            && num.value() <= Integer.MAX_VALUE
        ? Optional.of((int) num.value())
        : Optional.empty();
  }

  private static Optional<Object> memory(Optional<Values> value) {
    return switch (value.orElse(null)) {
      case Values.Num num when num.value() >= 16 && num.value() < 64L * 1024 * 1024 ->
          Optional.of((int) num.value());
      case Values.Amount a
          when !a.negative() && !a.relative() && a.mib() >= 16 && a.mib() < 64L * 1024 * 1024 ->
          Optional.of((int) a.mib());
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Object> size(Optional<Values> value) {
    return value.orElse(null) instanceof Values.Amount a && !a.negative() && a.mib() > 0
        ? Optional.of((a.relative() ? "+" : "") + Values.size(a.mib()))
        : Optional.empty();
  }

  private static Optional<Object> version(String text, Optional<Values> value) {
    if (text.equalsIgnoreCase("latest")) {
      return Optional.of("latest");
    }
    return value.orElse(null) instanceof Values.Version v
        ? Optional.of(v.text())
        : Optional.empty();
  }

  private static Optional<Object> list(String text) {
    List<String> parts = Resource.split(text.replace(';', ','), ',');
    return parts.stream().allMatch(NameSlots::isNameShaped) && !parts.isEmpty()
        ? Optional.of(parts)
        : Optional.empty();
  }
}
