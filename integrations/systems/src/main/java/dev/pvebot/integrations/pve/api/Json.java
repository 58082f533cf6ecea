package dev.pvebot.integrations.pve.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// Reads PVE's JSON without trusting its types: numbers come as strings and strings as numbers,
/// keys are left out instead of null, and new kinds of entries appear with every release.
public final class Json {
  private Json() {}

  /// The elements of an array; nothing for anything else.
  public static List<JsonNode> list(JsonNode node) {
    return node.isArray() ? StreamSupport.stream(node.spliterator(), false).toList() : List.of();
  }

  public static Optional<String> text(JsonNode object, String key) {
    JsonNode value = object.path(key);
    return value.isValueNode() && !value.isNull()
        ? Optional.of(value.asText()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  /// 0 when it is missing or no number.
  public static long number(JsonNode object, String key) {
    return object.path(key).asLong((long) fraction(object, key));
  }

  /// 0 when it is missing or no number.
  public static double fraction(JsonNode object, String key) {
    return object.path(key).asDouble(0);
  }

  public static boolean flag(JsonNode object, String key) {
    String text = object.path(key).asText("");
    return text.equals("1") || text.equals("true");
  }

  public static Optional<Vmid> vmid(JsonNode object, String key) {
    long number = number(object, key);
    return number >= Vmid.MIN && number <= Vmid.MAX
        ? Optional.of(new Vmid((int) number))
        : Optional.empty();
  }

  public static Optional<NodeName> node(JsonNode object, String key) {
    try {
      return text(object, key).map(NodeName::new);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
