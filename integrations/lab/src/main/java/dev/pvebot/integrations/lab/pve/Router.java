package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.schema.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which handler answers which endpoint of the schema.
final class Router {
  private final Map<String, Handler> handlers = new HashMap<>();

  Router on(String method, String path, Handler handler) {
    handlers.put(method + " " + path, handler);
    return this;
  }

  Optional<Handler> find(Endpoint endpoint) {
    return Optional.ofNullable(handlers.get(endpoint.method() + " " + endpoint.path()));
  }

  /// The simulated endpoints, as `GET /version`.
  java.util.Set<String> endpoints() {
    return java.util.Set.copyOf(handlers.keySet());
  }
}
