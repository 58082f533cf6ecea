package dev.pvebot.integrations.pve.api;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One call of the REST API, before it is sent. Build with [#get], [#post], [#put], [#delete] and
/// `with`.
///
/// @param act what it is for, as it reads in a failure: `cloning VM 101 to 1051 on pve01`
/// @param segments of the path behind `/api2/json`, not encoded
/// @param parameters in order; a repeated name is an array
public record PveCall(
    String method, String act, List<String> segments, List<Parameter> parameters) {
  private static final Pattern GUEST =
      Pattern.compile("/nodes/[^/]+/(?:qemu|lxc)/([0-9]+)(?:/.*)?");

  /// What follows these words in a path is a name.
  private static final Map<String, String> NAMED =
      Map.of(
          "nodes", "{node}",
          "qemu", "{vmid}",
          "lxc", "{vmid}",
          "tasks", "{upid}",
          "storage", "{storage}",
          "content", "{volume}",
          "snapshot", "{snapname}");

  record Parameter(String name, String value) {}

  public PveCall {
    segments = List.copyOf(segments);
    parameters = List.copyOf(parameters);
  }

  public static PveCall get(String act, Object... segments) {
    return new PveCall("GET", act, texts(segments), List.of());
  }

  public static PveCall post(String act, Object... segments) {
    return new PveCall("POST", act, texts(segments), List.of());
  }

  public static PveCall put(String act, Object... segments) {
    return new PveCall("PUT", act, texts(segments), List.of());
  }

  public static PveCall delete(String act, Object... segments) {
    return new PveCall("DELETE", act, texts(segments), List.of());
  }

  private static List<String> texts(Object... segments) {
    return java.util.Arrays.stream(segments).map(String::valueOf).toList();
  }

  /// Adds a parameter. A boolean becomes `1` or `0`, the only forms that PVE takes; an optional is
  /// left out when empty, a collection repeats the name.
  public PveCall with(String name, Object value) {
    List<Parameter> more = new ArrayList<>(parameters);
    switch (value) {
      case Optional<?> maybe -> {
        if (maybe.isPresent()) {
          return with(name, maybe.get());
        }
      }
      case Collection<?> many ->
          many.forEach(each -> more.add(new Parameter(name, String.valueOf(each))));
      case Boolean flag -> more.add(new Parameter(name, flag ? "1" : "0"));
      default -> more.add(new Parameter(name, String.valueOf(value)));
    }
    return new PveCall(method, act, segments, more);
  }

  public boolean mutates() {
    return !method.equals("GET");
  }

  /// The path behind `/api2/json`, with a leading slash.
  public String path() {
    return "/" + String.join("/", segments);
  }

  /// `POST /nodes/pve01/qemu/101/clone`
  public String endpoint() {
    return method + " " + path();
  }

  /// The endpoint without the names in it, as PVE's own schema writes them: `POST
  /// /nodes/{node}/qemu/{vmid}/clone`.
  public String template() {
    StringBuilder path = new StringBuilder(method).append(' ');
    String before = "";
    for (String segment : segments) {
      String shown = NAMED.getOrDefault(before, "");
      boolean number = segment.matches("[0-9]+");
      path.append('/').append(!shown.isEmpty() ? shown : number ? "{number}" : segment);
      before = segment;
    }
    return path.toString();
  }

  /// The node that the path names.
  public Optional<NodeName> node() {
    return segments.size() > 1 && segments.getFirst().equals("nodes")
        ? Optional.of(new NodeName(segments.get(1)))
        : Optional.empty();
  }

  /// The guest that the path names.
  public Optional<Vmid> vmid() {
    Matcher matcher = GUEST.matcher(path());
    return matcher.matches() ? Optional.of(Vmid.parse(matcher.group(1))) : Optional.empty();
  }
}
