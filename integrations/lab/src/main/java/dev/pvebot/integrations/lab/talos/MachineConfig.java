package dev.pvebot.integrations.lab.talos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// A machine configuration as it was applied: the v1alpha1 document and those beside it.
final class MachineConfig {
  /// Refused as Talos refuses it.
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1;

    Invalid(String message) {
      super(message);
    }
  }

  private final String text;
  private final Map<String, Object> main;
  private final List<Map<String, Object>> documents;

  private MachineConfig(
      String text, Map<String, Object> main, List<Map<String, Object>> documents) {
    this.text = text;
    this.main = main;
    this.documents = documents;
  }

  static MachineConfig parse(byte[] data) throws Invalid {
    String text = new String(data, StandardCharsets.UTF_8);
    List<Map<String, Object>> others = new ArrayList<>();
    Optional<Map<String, Object>> main = Optional.empty();
    try {
      for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
        if (!(document instanceof Map<?, ?>)) {
          continue;
        }
        Map<String, Object> map = mapping(document);
        if (map.containsKey("kind")) {
          others.add(map);
        } else if (map.containsKey("machine") || map.containsKey("cluster")) {
          main = Optional.of(map);
        } else {
          throw new Invalid("missing kind");
        }
      }
    } catch (YAMLException e) {
      throw new Invalid("failed to parse config: " + e.getMessage());
    }
    MachineConfig config =
        new MachineConfig(
            text, main.orElseThrow(() -> new Invalid("no configuration documents")), others);
    config.validate();
    return config;
  }

  private void validate() throws Invalid {
    if (!type().equals("controlplane") && !type().equals("worker")) {
      throw new Invalid("1 error occurred:\n\t* unknown machine type \"" + type() + "\"\n\n");
    }
    if (caPem().isEmpty()) {
      throw new Invalid("1 error occurred:\n\t* trusted CA certificate is required\n\n");
    }
    if (isControlPlane() && string("machine", "ca", "key").isEmpty()) {
      throw new Invalid("1 error occurred:\n\t* issuing Talos API CA key is required\n\n");
    }
    if (string("cluster", "controlPlane", "endpoint").isEmpty()) {
      throw new Invalid("1 error occurred:\n\t* cluster controlplane endpoint is required\n\n");
    }
  }

  String text() {
    return text;
  }

  String type() {
    return string("machine", "type").orElse("worker");
  }

  boolean isControlPlane() {
    return type().equals("controlplane");
  }

  /// What all machines of one cluster share.
  String clusterId() {
    return string("cluster", "id").orElse("");
  }

  String clusterName() {
    return string("cluster", "clusterName").orElse("talos");
  }

  String endpoint() {
    return string("cluster", "controlPlane", "endpoint").orElse("");
  }

  Optional<String> caPem() {
    return pem("machine", "ca", "crt");
  }

  Optional<String> caKeyPem() {
    return pem("machine", "ca", "key");
  }

  Optional<String> kubernetesCaPem() {
    return pem("cluster", "ca", "crt");
  }

  Optional<String> kubernetesCaKeyPem() {
    return pem("cluster", "ca", "key");
  }

  private Optional<String> pem(String... path) {
    return string(path)
        .filter(text -> !text.isEmpty())
        .map(text ->
            new String(java.util.Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8));
  }

  Optional<String> hostname() {
    return document("HostnameConfig")
        .flatMap(d -> Optional.ofNullable(d.get("hostname")))
        .map(String::valueOf)
        .or(() -> string("machine", "network", "hostname"));
  }

  Optional<String> installImage() {
    return string("machine", "install", "image").filter(i -> !i.isEmpty());
  }

  /// The release of an image of the configuration, as `v1.35.0`, by its key.
  String imageVersion(String... path) {
    return string(path)
        .map(image -> image.substring(image.lastIndexOf(':') + 1).replaceFirst("@.*$", ""))
        .filter(tag -> tag.startsWith("v"))
        .orElse("v1.35.0");
  }

  Map<String, String> nodeLabels() {
    Map<String, String> labels = new LinkedHashMap<>();
    at("machine", "nodeLabels")
        .ifPresent(found -> mapping(found).forEach((k, v) -> labels.put(k, String.valueOf(v))));
    return labels;
  }

  List<String> certSans() {
    return strings(at("machine", "certSANs"));
  }

  boolean schedulesOnControlPlanes() {
    return at("cluster", "allowSchedulingOnControlPlanes").filter(Boolean.TRUE::equals).isPresent();
  }

  // --- network ------------------------------------------------------------------------------

  /// The static addresses, as CIDRs, that the configuration gives to this link. Documents name a
  /// link or an alias whose selector fits; the older form names it or selects it by address.
  List<String> addresses(String link, String mac) {
    List<String> found = new ArrayList<>();
    for (Map<String, Object> each : interfaces(link, mac)) {
      found.addAll(strings(Optional.ofNullable(each.get("addresses"))));
    }
    for (Map<String, Object> each : documents("LinkConfig")) {
      if (linkNames(link, mac).contains(String.valueOf(each.get("name")))) {
        list(each.get("addresses"))
            .forEach(address ->
                found.add(
                    address instanceof Map<?, ?> map
                        ? String.valueOf(map.get("address"))
                        : String.valueOf(address)));
      }
    }
    return found;
  }

  private List<String> linkNames(String link, String mac) {
    List<String> names = new ArrayList<>(List.of(link));
    for (Map<String, Object> alias : documents("LinkAliasConfig")) {
      String match =
          Optional.ofNullable(alias.get("selector"))
              .map(MachineConfig::mapping)
              .map(s -> String.valueOf(s.get("match")))
              .orElse("");
      if (match.equals("true")
          || match.contains("virtio")
          || match.toLowerCase(java.util.Locale.ROOT).contains(mac)
          || globs(match).stream().anyMatch(glob -> fits(glob, mac))) {
        names.add(String.valueOf(alias.get("name")).replace("%d", "0"));
      }
    }
    return names;
  }

  private static List<String> globs(String expression) {
    return Pattern.compile("glob\\(\"([^\"]+)\"")
        .matcher(expression)
        .results()
        .map(hit -> hit.group(1))
        .toList();
  }

  private List<Map<String, Object>> interfaces(String link, String mac) {
    List<Map<String, Object>> fitting = new ArrayList<>();
    for (Object each : list(at("machine", "network", "interfaces").orElse(List.of()))) {
      Map<String, Object> map = mapping(each);
      if (String.valueOf(map.get("interface")).equals(link)) {
        fitting.add(map);
      } else if (map.get("deviceSelector") instanceof Map<?, ?> selector
          && selects(selector, mac)) {
        fitting.add(map);
      }
    }
    return fitting;
  }

  private static boolean selects(Map<?, ?> selector, String mac) {
    return selector.entrySet().stream()
        .allMatch(entry ->
            switch (String.valueOf(entry.getKey())) {
              case "hardwareAddr", "permanentAddr" -> fits(String.valueOf(entry.getValue()), mac);
              case "driver" -> fits(String.valueOf(entry.getValue()), "virtio_net");
              case "physical" -> Boolean.TRUE.equals(entry.getValue());
              case "busPath" -> fits(String.valueOf(entry.getValue()), "0000:06:12.0");
              default -> false;
            });
  }

  private static boolean fits(String glob, String value) {
    String regex = "\\Q" + glob.toLowerCase(java.util.Locale.ROOT).replace("*", "\\E.*\\Q") + "\\E";
    return value.matches(regex);
  }

  /// The address that the control planes share, if the configuration knows one.
  Optional<String> vip() {
    Optional<String> document = document("Layer2VIPConfig").map(d -> String.valueOf(d.get("name")));
    if (document.isPresent()) {
      return document;
    }
    return list(at("machine", "network", "interfaces").orElse(List.of())).stream()
        .map(each -> mapping(each).get("vip"))
        .filter(vip -> vip instanceof Map<?, ?>)
        .map(vip -> String.valueOf(((Map<?, ?>) vip).get("ip")))
        .findFirst();
  }

  // --- reading ------------------------------------------------------------------------------

  private Optional<Map<String, Object>> document(String kind) {
    return documents(kind).stream().findFirst();
  }

  private List<Map<String, Object>> documents(String kind) {
    return documents.stream().filter(d -> kind.equals(d.get("kind"))).toList();
  }

  private Optional<Object> at(String... path) {
    Object here = main;
    for (String key : path) {
      if (!(here instanceof Map<?, ?> map) || map.get(key) == null) {
        return Optional.empty();
      }
      here = mapping(map).get(key);
    }
    return Optional.ofNullable(here);
  }

  Optional<String> string(String... path) {
    return at(path).map(String::valueOf);
  }

  private static List<String> strings(Optional<Object> value) {
    return value.map(v -> list(v).stream().map(String::valueOf).toList()).orElse(List.of());
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof List<?> list ? (List<Object>) list : List.of();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> mapping(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
