package dev.pvebot.integrations.pve.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveCaller;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the token may do, by path (source: PVE `GET /access/permissions`).
///
/// @param byPath privileges on each path; only paths with at least one are listed
/// @param inherited those of them that reach what is below the path
public record Rights(Map<String, Set<String>> byPath, Map<String, Set<String>> inherited) {

  public static Rights read(PveCaller caller) throws InterruptedException {
    return of(caller.call(PveCall.get("reading what the token may do", "access", "permissions")));
  }

  static Rights of(JsonNode data) {
    Map<String, Set<String>> byPath = new TreeMap<>();
    Map<String, Set<String>> inherited = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : data.properties()) {
      for (Map.Entry<String, JsonNode> privilege : path.getValue().properties()) {
        byPath.computeIfAbsent(path.getKey(), _ -> new TreeSet<>()).add(privilege.getKey());
        if (Json.flag(path.getValue(), privilege.getKey())) {
          inherited.computeIfAbsent(path.getKey(), _ -> new TreeSet<>()).add(privilege.getKey());
        }
      }
    }
    return new Rights(byPath, inherited);
  }

  /// Whether the privilege holds on everything below `root`, for example on every VM below `/vms`.
  /// A path of its own below `root` that lacks it is a gap.
  public boolean holdsBelow(String root, String privilege) {
    boolean above =
        byPath.containsKey(root)
            ? inherited.getOrDefault(root, Set.of()).contains(privilege)
            : inherited.getOrDefault("/", Set.of()).contains(privilege);
    String prefix = root.equals("/") ? "/" : root + "/";
    return above
        && byPath.entrySet().stream()
            .filter(path -> path.getKey().startsWith(prefix))
            .allMatch(path -> path.getValue().contains(privilege) || !root.equals("/vms"));
  }

  /// Whether the privilege holds on this very path.
  public boolean holdsOn(String path, String privilege) {
    return byPath.getOrDefault(path, Set.of()).contains(privilege);
  }

  /// Whether it holds anywhere.
  public boolean holdsSomewhere(String privilege) {
    return byPath.values().stream().anyMatch(held -> held.contains(privilege));
  }

  /// Whether every guest is seen; otherwise lists leave guests out without a word.
  public boolean seesEveryGuest() {
    return holdsBelow("/vms", "VM.Audit");
  }

  /// Everything that is held anywhere.
  public Set<String> all() {
    Set<String> all = new TreeSet<>();
    byPath.values().forEach(all::addAll);
    return all;
  }
}
