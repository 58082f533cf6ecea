package dev.pvebot.integrations.lab.kubernetes;

import dev.pvebot.integrations.lab.wire.HttpListener;
import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A change of one object: a merge patch (strategic ones and server-side apply are treated alike:
/// maps merge, lists are replaced) or a JSON patch.
interface Patch {
  Map<String, Object> onto(Map<String, Object> object);

  static Patch of(Request request) {
    String body = HttpListener.text(request);
    if (request.header("content-type").filter(t -> t.contains("json-patch+json")).isPresent()) {
      return object -> steps(object, (List<?>) Json.parse(body));
    }
    Map<String, Object> change =
        body.stripLeading().startsWith("{") ? Json.parseObject(body) : yaml(body);
    return object -> merged(object, change);
  }

  private static Map<String, Object> yaml(String body) {
    Map<String, Object> map = new LinkedHashMap<>();
    Object parsed =
        new org.yaml.snakeyaml.Yaml(
                new org.yaml.snakeyaml.constructor.SafeConstructor(
                    new org.yaml.snakeyaml.LoaderOptions()))
            .load(body);
    if (parsed instanceof Map<?, ?> given) {
      given.forEach((k, v) -> map.put(String.valueOf(k), v));
    }
    return map;
  }

  private static Map<String, Object> merged(Map<?, ?> object, Map<?, ?> change) {
    Map<String, Object> result = new LinkedHashMap<>();
    object.forEach((k, v) -> result.put(String.valueOf(k), v));
    change.forEach((k, v) -> {
      String key = String.valueOf(k);
      if (v == Json.NULL) {
        result.remove(key);
      } else if (v instanceof Map<?, ?> inner) {
        Object old = result.get(key);
        result.put(key, merged(old instanceof Map<?, ?> map ? map : Map.of(), inner));
      } else {
        result.put(key, v);
      }
    });
    return result;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> steps(Map<String, Object> object, List<?> steps) {
    Map<String, Object> result = Json.parseObject(Json.write(object));
    for (Object each : steps) {
      Map<String, Object> step = (Map<String, Object>) each;
      String[] path = Objects.text(step, "path").substring(1).split("/", -1);
      Object parent = result;
      for (int i = 0; i < path.length - 1; i++) {
        String key = unescaped(path[i]);
        parent =
            parent instanceof List<?> list
                ? list.get(Integer.parseInt(key))
                : Objects.map((Map<String, Object>) parent, key);
      }
      String last = unescaped(path[path.length - 1]);
      boolean removes = Objects.text(step, "op").equals("remove");
      Object value = step.getOrDefault("value", Json.NULL);
      if (parent instanceof List<?>) {
        List<Object> list = (List<Object>) parent;
        int at = last.equals("-") ? list.size() : Integer.parseInt(last);
        if (removes) {
          list.remove(at);
        } else if (Objects.text(step, "op").equals("add")) {
          list.add(at, value);
        } else {
          list.set(at, value);
        }
      } else if (removes) {
        ((Map<String, Object>) parent).remove(last);
      } else {
        ((Map<String, Object>) parent).put(last, value);
      }
    }
    return new LinkedHashMap<>(result);
  }

  private static String unescaped(String part) {
    return part.replace("~1", "/").replace("~0", "~");
  }
}
