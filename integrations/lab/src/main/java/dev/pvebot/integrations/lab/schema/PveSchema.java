package dev.pvebot.integrations.lab.schema;

import dev.pvebot.integrations.lab.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;

/// PVE's own description of its API, by which the lab judges what it is asked and what it answers.
public final class PveSchema {
  /// An endpoint with its path split at slashes; `{x}` stands for any segment.
  private record Route(String method, String path, String[] segments, String json) {
    boolean fits(String[] asked) {
      if (asked.length != segments.length) {
        return false;
      }
      for (int i = 0; i < asked.length; i++) {
        if (!segments[i].startsWith("{") && !segments[i].equals(asked[i])) {
          return false;
        }
      }
      return true;
    }

    int literals() {
      int count = 0;
      for (String segment : segments) {
        count += segment.startsWith("{") ? 0 : 1;
      }
      return count;
    }
  }

  /// One endpoint and the path parameters of the call that led to it.
  public record Match(Endpoint endpoint, Map<String, String> pathParameters) {}

  private static final Map<String, PveSchema> LOADED = new ConcurrentHashMap<>();

  private final Map<Integer, List<Route>> byLength = new HashMap<>();
  private final Map<Route, Endpoint> parsed = new ConcurrentHashMap<>();

  private PveSchema(String resource) {
    try (InputStream raw = PveSchema.class.getResourceAsStream(resource)) {
      if (raw == null) {
        throw new IllegalArgumentException("The lab has no PVE schema " + resource);
      }
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(new GZIPInputStream(raw, 1 << 16), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int one = line.indexOf('\t');
        int two = line.indexOf('\t', one + 1);
        String path = line.substring(one + 1, two);
        Route route =
            new Route(line.substring(0, one), path, segments(path), line.substring(two + 1));
        byLength.computeIfAbsent(route.segments.length, _ -> new ArrayList<>()).add(route);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Reading the lab's PVE schema " + resource, e);
    }
  }

  /// The schema of `9.1` or `8.4`.
  public static PveSchema of(String version) {
    return LOADED.computeIfAbsent(version, v -> new PveSchema("pve-" + v + ".gz"));
  }

  private static String[] segments(String path) {
    return (path.startsWith("/") ? path.substring(1) : path).split("/", -1);
  }

  /// The endpoint that answers `method` at `path`; the segments are percent-decoded already.
  public Optional<Match> find(String method, List<String> path) {
    String[] asked = path.toArray(String[]::new);
    Optional<Route> best = Optional.empty();
    for (Route route : routes(asked.length)) {
      if (route.method.equals(method)
          && route.fits(asked)
          && best.map(b -> b.literals() < route.literals()).orElse(true)) {
        best = Optional.of(route);
      }
    }
    return best.map(route -> {
      Map<String, String> parameters = new LinkedHashMap<>();
      for (int i = 0; i < asked.length; i++) {
        String segment = route.segments[i];
        if (segment.startsWith("{")) {
          parameters.put(segment.substring(1, segment.length() - 1), asked[i]);
        }
      }
      return new Match(endpoint(route), parameters);
    });
  }

  private List<Route> routes(int length) {
    List<Route> routes = byLength.get(length);
    return routes == null ? List.of() : routes;
  }

  /// The endpoint with exactly this path text, `{x}` included.
  public Endpoint endpoint(String method, String path) {
    return routes(segments(path).length).stream()
        .filter(route -> route.method.equals(method) && route.path.equals(path))
        .findFirst()
        .map(this::endpoint)
        .orElseThrow(
            () -> new IllegalArgumentException("PVE's schema has no " + method + " " + path));
  }

  public boolean has(String method, String path) {
    return routes(segments(path).length).stream()
        .anyMatch(route -> route.method.equals(method) && route.path.equals(path));
  }

  private Endpoint endpoint(Route route) {
    return parsed.computeIfAbsent(
        route, r -> new Endpoint(r.method, r.path, Json.parseObject(r.json)));
  }
}
