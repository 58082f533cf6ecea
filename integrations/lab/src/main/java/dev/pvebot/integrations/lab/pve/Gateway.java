package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.faults.CrashPoint;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.schema.PveSchema;
import dev.pvebot.integrations.lab.wire.HttpListener;
import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Reply;
import dev.pvebot.integrations.lab.wire.Reply.Delivery;
import dev.pvebot.integrations.lab.wire.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;

/// pveproxy of every node: from an HTTP request to a reply, with the checks in PVE's order and the
/// faults in between.
final class Gateway {
  private static final int LARGEST_FORM = 512 * 1024;
  private static final Set<String> OPEN =
      Set.of("GET /access/domains", "GET /access/ticket", "POST /access/ticket");
  private static final Set<String> SECRETS =
      Set.of("password", "cipassword", "new-password", "value", "otp", "tfa-challenge");

  private final Datacenter datacenter;
  private final PveSchema schema;
  private final Router router;
  private final Ledger ledger;
  private final Faults faults;
  private final List<String> defects = new CopyOnWriteArrayList<>();

  Gateway(Datacenter datacenter, PveSchema schema, Router router, Ledger ledger, Faults faults) {
    this.datacenter = datacenter;
    this.schema = schema;
    this.router = router;
    this.ledger = ledger;
    this.faults = faults;
  }

  /// What the lab has answered in breach of PVE's schema; a defect of the lab.
  List<String> defects() {
    return List.copyOf(defects);
  }

  /// One call on its way through.
  private static final class Passage {
    final long seq;
    final Instant lab;
    final Instant wall = Instant.now();
    final String node;
    final String method;
    final String path;
    final boolean ext;
    String target = "";
    String user = "";
    Map<String, Object> parameters = new LinkedHashMap<>();
    Optional<String> fault = Optional.empty();

    Passage(long seq, Instant lab, String node, String method, String path, boolean ext) {
      this.seq = seq;
      this.lab = lab;
      this.node = node;
      this.method = method;
      this.path = path;
      this.ext = ext;
    }
  }

  Reply answer(String node, Request request) {
    boolean ext = request.path().startsWith("/api2/extjs");
    if (!ext && !request.path().startsWith("/api2/json")) {
      return request.path().startsWith("/api2/")
          ? plain(501, "no formatter for uri " + request.path())
          : plain(501, "no such uri");
    }
    String path = request.path().substring(ext ? "/api2/extjs".length() : "/api2/json".length());
    while (path.endsWith("/") && path.length() > 1) {
      path = path.substring(0, path.length() - 1);
    }
    Passage call =
        new Passage(
            ledger.next(), datacenter.clock().now(), node, request.method(), decoded(path), ext);
    Optional<Faults.Met> crash =
        faults.crashAt(node, call.method, call.path, () -> HttpListener.text(request));
    if (crash.isPresent() && crash.get().point().moment() == CrashPoint.Moment.BEFORE_READ) {
      call.fault = Optional.of("crash before the call is read");
      note(call, 0, "dropped", Optional.empty());
      crash.get().strike().run();
      return Reply.of(Delivery.RESET);
    }
    Reply reply = withFaults(call, request);
    if (crash.isEmpty()) {
      return reply;
    }
    if (crash.get().point().moment() == CrashPoint.Moment.AFTER_ACT) {
      crash.get().strike().run();
      return Reply.of(Delivery.RESET);
    }
    return reply.afterwards(crash.get().strike());
  }

  private Reply withFaults(Passage call, Request request) {
    Optional<Fault> fault = faults.atCall(call.node, call.method, call.path);
    call.fault = fault.map(Object::toString);
    if (fault.isEmpty()) {
      return acted(call, request, false);
    }
    return switch (fault.get()) {
      case Fault.Status s -> unacted(call, s.status(), s.reason());
      case Fault.StatusAfterActing s -> {
        acted(call, request, false);
        yield statusReply(call, s.status(), s.reason());
      }
      case Fault.Reset r -> cut(call, request, r.acts(), Delivery.RESET);
      case Fault.Silence s -> cut(call, request, s.acts(), Delivery.SILENCE);
      case Fault.Slow slow -> acted(call, request, false).withDelay(slow.wall());
      case Fault.Html _ -> {
        note(call, 200, "OK", Optional.empty());
        yield Reply.of(
            200,
            "OK",
            "text/html; charset=utf-8",
            "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to continue"
                + "</body></html>");
      }
      case Fault.HalfJson half ->
          acted(call, request, false)
              .withDelivery(half.announced() ? Delivery.HALF : Delivery.HALF_AS_WHOLE);
      case Fault.Expired _ -> unacted(call, 401, "token access expired");
      case Fault.WithoutRights _ -> acted(call, request, true);
    };
  }

  private Reply unacted(Passage call, int status, String reason) {
    note(call, status, reason, Optional.empty());
    return statusReply(call, status, reason);
  }

  private Reply statusReply(Passage call, int status, String reason) {
    return status == 401 || status >= 590
        ? plain(status, reason)
        : failure(call, ApiError.of(status, reason));
  }

  private Reply cut(Passage call, Request request, boolean acts, Delivery delivery) {
    if (acts) {
      acted(call, request, false);
    } else {
      note(call, 0, "dropped", Optional.empty());
    }
    return Reply.of(delivery);
  }

  private Reply acted(Passage call, Request request, boolean withoutRights) {
    try {
      Object data = data(call, request, withoutRights);
      Object bare = data instanceof Handler.Page page ? page.data() : data;
      Optional<String> upid =
          bare instanceof String text && text.startsWith("UPID:")
              ? Optional.of(text)
              : Optional.empty();
      note(call, 200, "OK", upid);
      Map<String, Object> envelope = new LinkedHashMap<>();
      if (data instanceof Handler.Page page) {
        envelope.put("total", page.total());
      }
      envelope.put("data", bare);
      if (call.ext) {
        envelope.put("success", 1);
      }
      return api(200, "OK", envelope);
    } catch (ApiError e) {
      note(call, e.status(), firstLine(e.text()), Optional.empty());
      return failure(call, e);
    } catch (HttpError e) {
      note(call, e.status, e.reason, Optional.empty());
      return plain(e.status, e.reason);
    }
  }

  /// An error of the HTTP layer: plain text, no JSON.
  private static final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String reason;

    HttpError(int status, String reason) {
      super(reason);
      this.status = status;
      this.reason = reason;
    }
  }

  private Object data(Passage call, Request request, boolean withoutRights) {
    boolean open = OPEN.contains(call.method + " " + call.path);
    Access.Principal who =
        open ? new Access.Principal("nobody", Optional.empty()) : authenticate(call, request);
    if (withoutRights) {
      who = new Access.Principal(who.user(), Optional.of("without-rights"));
    }
    call.user = open ? "" : who.authId();
    Map<String, Object> given = parameters(call, request);
    call.parameters.putAll(given);
    PveSchema.Match match =
        schema
            .find(call.method, segments(call.path))
            .orElseThrow(() ->
                ApiError.of(
                    501, "Method '%s %s' not implemented".formatted(call.method, call.path)));
    merge(call, match.pathParameters());
    if (!match.endpoint().allowsTokens() && who.token().isPresent()) {
      throw ApiError.forbidden(
          "URI '%s' not available with API token, need proper ticket.\n".formatted(call.path));
    }
    Access.Principal caller = who;
    datacenter.locked(() -> {
      PermissionRule.enforce(
          PermissionRule.parse(match.endpoint().permissions()),
          datacenter.access,
          caller,
          call.parameters);
    });
    String node = route(call, match);
    Map<String, String> complaints = match.endpoint().complaints(call.parameters);
    if (!complaints.isEmpty()) {
      throw ApiError.parameters(complaints);
    }
    Handler handler =
        router
            .find(match.endpoint())
            .orElseThrow(() ->
                ApiError.of(
                    501,
                    "Method '%s %s' not implemented (PVE has it, the lab does not simulate it)"
                        .formatted(call.method, call.path)));
    Call ready = new Call(datacenter, match.endpoint(), call.node, node, caller, call.parameters);
    Object data = settled(datacenter.compute(() -> handler.answer(ready)));
    Object bare = data instanceof Handler.Page page ? page.data() : data;
    List<String> breaches = match.endpoint().breaches(bare);
    if (!breaches.isEmpty()) {
      String defect =
          "lab defect: the answer to %s %s breaks PVE's schema: %s"
              .formatted(call.method, call.path, breaches);
      defects.add(defect);
      throw ApiError.died(defect);
    }
    return data;
  }

  private static Object settled(Object data) {
    if (!(data instanceof Handler.Later later)) {
      return data;
    }
    try {
      return later.data().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ApiError error) {
        throw error;
      }
      throw e;
    }
  }

  private Access.Principal authenticate(Passage call, Request request) {
    Instant now = datacenter.clock().now();
    Optional<String> ticket = request.header("cookie").flatMap(Gateway::cookie);
    Optional<String> authorization = request.header("authorization");
    return datacenter.compute(() -> {
      if (ticket.isPresent()) {
        return datacenter.access.byTicket(
            ticket.get(),
            request.header("csrfpreventiontoken"),
            !call.method.equals("GET") && !call.path.endsWith("/upload"),
            now);
      }
      String header = authorization.orElse("");
      if (header.startsWith("PVEAPIToken=") || header.startsWith("PVEAPIToken ")) {
        String value = header.substring("PVEAPIToken=".length()).split(";", 2)[0];
        return datacenter.access.byToken(decoded(value), now);
      }
      throw ApiError.unauthorized("No ticket");
    });
  }

  private static Optional<String> cookie(String header) {
    return Arrays.stream(header.split(";\\s*"))
        .filter(c -> c.startsWith("PVEAuthCookie="))
        .map(c -> decoded(c.substring("PVEAuthCookie=".length())))
        .findFirst();
  }

  /// The node that answers. Calls of `proxyto` endpoints are carried to the node in the path.
  private String route(Passage call, PveSchema.Match match) {
    String named = match.pathParameters().getOrDefault("node", "");
    if (named.isEmpty() || named.equals("localhost")) {
      call.target = call.node;
      return call.node;
    }
    call.target = named;
    NodeHost host = datacenter.nodes.get(named);
    if (host == null) {
      throw ApiError.died(
          "hostname lookup '%s' failed - failed to get address info for: %s: Name or service not known"
              .formatted(named, named));
    }
    if (!host.online) {
      throw new HttpError(595, "No route to host");
    }
    return named;
  }

  private static void merge(Passage call, Map<String, String> path) {
    path.forEach((name, value) -> {
      Object other = call.parameters.put(name, value);
      if (other != null && !other.equals(value)) {
        throw ApiError.parameter(
            name, "duplicate parameter (already defined in URI) with conflicting values!");
      }
    });
  }

  // --- parameters ---------------------------------------------------------------------------

  private static Map<String, Object> parameters(Passage call, Request request) {
    Map<String, Object> given = new LinkedHashMap<>();
    if (request.header("transfer-encoding").filter(t -> t.contains("chunked")).isPresent()) {
      throw new HttpError(501, "chunked transfer encoding not supported");
    }
    String type = request.header("content-type").orElse("").split(";", 2)[0].strip();
    if (request.body().length > 0) {
      if (call.method.equals("GET") || call.method.equals("DELETE")) {
        throw new HttpError(501, "Unexpected content for method '" + call.method + "'");
      }
      switch (type) {
        case "", "application/x-www-form-urlencoded" -> {
          refuseLargeForm(request);
          form(given, HttpListener.text(request));
        }
        case "application/json" -> {
          refuseLargeForm(request);
          json(given, HttpListener.text(request));
        }
        case "multipart/form-data" -> given.putAll(Multipart.fields(request));
        default -> throw new HttpError(506, "upload 'Content-Type '" + type + "' not implemented");
      }
    }
    Map<String, Object> query = new LinkedHashMap<>();
    form(query, request.query());
    given.putAll(query);
    given.remove("_dc");
    return given;
  }

  private static void refuseLargeForm(Request request) {
    if (request.body().length > LARGEST_FORM) {
      throw new HttpError(501, "for data too large");
    }
  }

  /// PVE's own form reader: `;` separates as `&` does, and what follows a second raw `=` is lost.
  private static void form(Map<String, Object> into, String text) {
    for (String pair : text.split("[&;]")) {
      if (pair.isEmpty()) {
        continue;
      }
      String[] halves = pair.split("=", -1);
      String name = plus(halves[0]);
      String value = halves.length > 1 ? plus(halves[1]) : "";
      Object before = into.get(name);
      if (before == null) {
        into.put(name, value);
      } else {
        List<Object> all = new ArrayList<>(before instanceof List<?> list ? list : List.of(before));
        all.add(value);
        into.put(name, all);
      }
    }
  }

  private static void json(Map<String, Object> into, String text) {
    try {
      Json.parseObject(text)
          .forEach((name, value) -> {
            if (value != Json.NULL) {
              into.put(
                  name,
                  value instanceof List<?> list
                      ? list.stream().map(Gateway::scalar).toList()
                      : scalar(value));
            }
          });
    } catch (IllegalArgumentException e) {
      throw ApiError.of(400, "malformed JSON string: " + e.getMessage());
    }
  }

  private static String scalar(Object value) {
    return switch (value) {
      case Boolean truth -> truth ? "1" : "0";
      case Double number when number == Math.rint(number) -> String.valueOf(number.longValue());
      default -> value.toString();
    };
  }

  private static String plus(String text) {
    return decoded(text.replace('+', ' '));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }

  /// The path's segments; the volume at the end of a storage's content keeps its slashes.
  private static List<String> segments(String path) {
    List<String> all = new ArrayList<>(Arrays.asList(path.substring(1).split("/", -1)));
    if (all.size() > 6 && all.get(2).equals("storage") && all.get(4).equals("content")) {
      String volume = String.join("/", all.subList(5, all.size()));
      all = new ArrayList<>(all.subList(0, 5));
      all.add(volume);
    }
    return all;
  }

  // --- replies ------------------------------------------------------------------------------

  private Reply failure(Passage call, ApiError error) {
    if (error.status() == 401 && !call.path.equals("/access/ticket")) {
      Duration wait =
          datacenter.clock().onTheWall(datacenter.config().durations().authenticationDelay());
      return plain(401, error.text()).withDelay(wait);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("data", Json.NULL);
    body.put("message", error.text().strip() + "\n");
    if (!error.errors().isEmpty()) {
      body.put("errors", error.errors());
    }
    if (call.ext) {
      body.put("success", 0);
      body.put("status", error.status());
      return api(200, "OK", body);
    }
    return api(error.status(), firstLine(error.text()), body);
  }

  private static Reply api(int status, String reason, Object body) {
    return Reply.of(status, reason, "application/json;charset=UTF-8", Json.write(body))
        .withHeaders(
            Map.of(
                "Server",
                "pve-api-daemon/3.0",
                "Cache-Control",
                "max-age=0",
                "Pragma",
                "no-cache"));
  }

  private static Reply plain(int status, String reason) {
    String body = status == 401 || status >= 590 ? "" : reason;
    return Reply.of(status, firstLine(reason), "", body)
        .withHeaders(Map.of("Server", "pve-api-daemon/3.0"));
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("");
  }

  private void note(Passage call, int status, String reason, Optional<String> upid) {
    Map<String, Object> shown = new LinkedHashMap<>();
    call.parameters.forEach(
        (name, value) -> shown.put(name, SECRETS.contains(name) ? "***" : value));
    ledger.add(
        new Ledger.Call(
            call.seq,
            call.lab,
            call.wall,
            call.node,
            call.target,
            call.method,
            call.path,
            shown,
            call.user,
            status,
            reason,
            upid,
            call.fault));
  }
}
