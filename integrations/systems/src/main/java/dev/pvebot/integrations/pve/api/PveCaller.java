package dev.pvebot.integrations.pve.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.site.Site;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls PVE's REST API, of the node that the call is about if it can be reached, else of the
/// others.
///
/// A reading call that gets no answer is made again of the next node. A mutating call goes to
/// another node only when not a byte of it can have left; after that its outcome is open and only
/// the caller's eyes on the world can tell. Thread-safe; made for virtual threads, which an
/// interrupt gets out of a call.
public final class PveCaller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PveCaller.class);

  /// 3,000 guests fit in 3 MB of `cluster/resources`.
  static final int MAX_BODY = 16 * 1024 * 1024;

  /// A node that could not be reached is asked last for so long.
  private static final Duration SHUNNED = Duration.ofSeconds(10);

  private static final MediaType FORM = MediaType.get(Form.TYPE);

  private record Entry(
      Site.ApiNode node, HttpUrl base, OkHttpClient readers, OkHttpClient changers) {}

  private record Miss(PveFailure.Kind kind, String why, boolean sent, boolean worthRepeating) {}

  private final Map<NodeName, Entry> entries = new LinkedHashMap<>();
  private final ApiToken token;
  private final Timeouts timeouts;
  private final InstantSource clock;
  private final Map<NodeName, Instant> shunnedUntil = new ConcurrentHashMap<>();
  private final OkHttpClient root;
  private volatile CallObserver observer = (_, _, _, _) -> {};

  /// @param nodes in the order in which they are tried
  /// @throws IllegalArgumentException when `tls` cannot be used
  public PveCaller(
      List<Site.ApiNode> nodes,
      Site.Tls tls,
      ApiToken token,
      Timeouts timeouts,
      InstantSource clock) {
    this.token = token;
    this.timeouts = timeouts;
    this.clock = clock;
    this.root =
        new OkHttpClient.Builder()
            .dispatcher(new Dispatcher())
            .connectTimeout(timeouts.connect())
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .protocols(List.of(Protocol.HTTP_1_1))
            .eventListener(new Transmission.Listener())
            .build();
    for (Site.ApiNode node : nodes) {
      // PVE closes idle connections after 5 s
      OkHttpClient readers =
          Trust.apply(root.newBuilder(), tls, node)
              .connectionPool(new ConnectionPool(8, 3, TimeUnit.SECONDS))
              .build();
      // A mutating call gets a connection of its own: on one that was kept, a reset would leave its
      // outcome open.
      OkHttpClient changers =
          readers.newBuilder().connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS)).build();
      entries.put(
          node.name(), new Entry(node, HttpUrl.get(node.api().toString()), readers, changers));
    }
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("a site needs at least one node whose API can be called");
    }
  }

  /// From now on this observer is told of every attempt.
  public void observe(CallObserver each) {
    observer = each;
  }

  /// The nodes whose API can be called, in the order in which they are tried.
  public List<Site.ApiNode> nodes() {
    return entries.values().stream().map(Entry::node).toList();
  }

  /// `user@realm!name`, as it stands in the UPIDs of the tasks that are started here.
  public String tokenId() {
    return token.id();
  }

  /// What PVE says under `data`.
  ///
  /// @throws PveFailure when there is no such answer
  public JsonNode call(PveCall call) throws InterruptedException {
    return answer(call).data();
  }

  /// Makes a call that starts a task.
  ///
  /// @return empty when PVE says that it was done at once, or that there was nothing to do
  public Optional<Upid> start(PveCall call) throws InterruptedException {
    JsonNode data = call(call);
    if (data.isTextual() && Upid.isUpid(data.asText())) {
      return Optional.of(new Upid(data.asText()));
    }
    return Optional.empty();
  }

  /// @throws PveFailure when there is no good answer
  public PveAnswer answer(PveCall call) throws InterruptedException {
    Instant deadline = clock.instant().plus(call.mutates() ? timeouts.change() : timeouts.read());
    List<String> attempts = new ArrayList<>();
    Miss last = new Miss(PveFailure.Kind.UNREACHABLE, "no node was tried", false, false);
    Optional<String> asked = Optional.empty();
    boolean mismatch = false;
    for (Entry entry : order(call)) {
      for (int turn = 0; turn < 2; turn++) {
        Duration left =
            call.mutates() ? Duration.between(clock.instant(), deadline) : timeouts.read();
        if (!left.isPositive()) {
          break;
        }
        asked.ifPresent(attempts::add);
        switch (attempt(entry, call, left)) {
          case Outcome.Answered answered -> {
            return answered.answer();
          }
          case Outcome.Said said ->
              throw new PveFailure(
                  said.kind(),
                  call,
                  Optional.of(name(entry)),
                  said.status(),
                  said.reason(),
                  attempts);
          case Outcome.Missed(Miss miss) -> {
            last = miss;
            asked = Optional.of(name(entry) + " (" + miss.why() + ")");
            mismatch |= miss.kind() == PveFailure.Kind.TLS_MISMATCH;
            if (miss.sent() && call.mutates()) {
              throw new PveFailure(
                  miss.kind(), call, Optional.of(name(entry)), 0, miss.why(), attempts);
            }
          }
        }
        if (!last.worthRepeating() || call.mutates()) {
          break;
        }
      }
    }
    PveFailure.Kind kind =
        mismatch && last.kind() == PveFailure.Kind.UNREACHABLE
            ? PveFailure.Kind.TLS_MISMATCH
            : last.kind();
    throw new PveFailure(
        kind,
        call,
        asked.map(text -> text.substring(0, text.indexOf(' '))),
        0,
        last.why(),
        attempts);
  }

  /// Asks exactly this node, once.
  ///
  /// @throws PveFailure when there is no good answer
  public PveAnswer answerOf(NodeName node, PveCall call) throws InterruptedException {
    Entry entry =
        Optional.ofNullable(entries.get(node))
            .orElseThrow(() -> new IllegalArgumentException("no entry node " + node));
    return switch (attempt(entry, call, call.mutates() ? timeouts.change() : timeouts.read())) {
      case Outcome.Answered answered -> answered.answer();
      case Outcome.Said said ->
          throw new PveFailure(
              said.kind(), call, Optional.of(name(entry)), said.status(), said.reason(), List.of());
      case Outcome.Missed(Miss miss) ->
          throw new PveFailure(
              miss.kind(), call, Optional.of(name(entry)), 0, miss.why(), List.of());
    };
  }

  private static String name(Entry entry) {
    return entry.node().name().value();
  }

  /// The node itself first: one hop less, and its state is seen at first hand.
  private List<Entry> order(PveCall call) {
    Instant now = clock.instant();
    Optional<NodeName> own = call.node();
    return entries.values().stream()
        .sorted(
            Comparator.comparing((Entry entry) ->
                    shunnedUntil.getOrDefault(entry.node().name(), Instant.MIN).isAfter(now))
                .thenComparing(entry -> !own.equals(Optional.of(entry.node().name()))))
        .toList();
  }

  private sealed interface Outcome {
    record Answered(PveAnswer answer) implements Outcome {}

    /// PVE, or somebody in its place, gave an answer that settles the matter.
    record Said(PveFailure.Kind kind, int status, String reason) implements Outcome {}

    /// No answer from this node; another may have one.
    record Missed(Miss miss) implements Outcome {}
  }

  private Outcome attempt(Entry entry, PveCall call, Duration left) throws InterruptedException {
    long began = System.nanoTime();
    Outcome outcome = make(entry, call, left);
    String word =
        switch (outcome) {
          case Outcome.Answered _ -> "ok";
          case Outcome.Said said -> said.kind().name().toLowerCase(Locale.ROOT);
          case Outcome.Missed(Miss miss) -> miss.kind().name().toLowerCase(Locale.ROOT);
        };
    observer.called(call, entry.node().name(), Duration.ofNanos(System.nanoTime() - began), word);
    return outcome;
  }

  private Outcome make(Entry entry, PveCall call, Duration left) throws InterruptedException {
    Transmission transmission = new Transmission();
    Call http =
        (call.mutates() ? entry.changers() : entry.readers())
            .newCall(request(entry, call, transmission));
    http.timeout().timeout(left.toMillis(), TimeUnit.MILLISECONDS);
    long began = System.nanoTime();
    try (Response response = http.execute()) {
      shunnedUntil.remove(entry.node().name());
      byte[] body = body(response);
      LOG.debug(
          "{} of {}: {} in {} ms",
          call.endpoint(),
          name(entry),
          response.code(),
          (System.nanoTime() - began) / 1_000_000);
      return judge(entry, call, response, body);
    } catch (IOException broken) {
      if (Thread.interrupted() || isInterrupt(broken)) {
        http.cancel();
        throw new InterruptedException(call.act());
      }
      return new Outcome.Missed(miss(entry, call, broken, transmission.hasBegun()));
    }
  }

  private static Outcome judge(Entry entry, PveCall call, Response response, byte[] body) {
    if (body.length > MAX_BODY) {
      return new Outcome.Missed(
          new Miss(
              PveFailure.Kind.NONSENSE,
              "answered with more than %d MiB".formatted(MAX_BODY >> 20),
              true,
              false));
    }
    return switch (Verdict.of(response.code(), response.message(), body)) {
      case Verdict.Good(JsonNode data) ->
          new Outcome.Answered(
              new PveAnswer(
                  data,
                  entry.node().name(),
                  Optional.ofNullable(response.headers().getInstant("Date"))));
      case Verdict.Bad bad ->
          switch (bad.kind()) {
            case NO_ANSWER, NONSENSE, BUSY ->
                call.mutates()
                    ? new Outcome.Said(bad.kind(), response.code(), bad.reason())
                    : new Outcome.Missed(new Miss(bad.kind(), bad.reason(), true, false));
            case UNREACHABLE,
                TLS_MISMATCH,
                UNAUTHENTICATED,
                FORBIDDEN,
                REJECTED,
                REFUSED,
                NODE_AWAY ->
                new Outcome.Said(bad.kind(), response.code(), bad.reason());
          };
    };
  }

  private Request request(Entry entry, PveCall call, Transmission transmission) {
    HttpUrl.Builder url = entry.base().newBuilder();
    call.segments().forEach(url::addPathSegment);
    boolean inBody = call.method().equals("POST") || call.method().equals("PUT");
    if (!inBody) {
      call.parameters()
          .forEach(parameter -> url.addQueryParameter(parameter.name(), parameter.value()));
    }
    return new Request.Builder()
        .url(url.build())
        .header("Authorization", token.header())
        .header("Accept", "application/json")
        .method(
            call.method(),
            inBody
                ? RequestBody.create(
                    Form.encode(call.parameters())
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    FORM)
                : null)
        .tag(Transmission.class, transmission)
        .build();
  }

  private static byte[] body(Response response) throws IOException {
    try (InputStream in = response.body().byteStream()) {
      return in.readNBytes(MAX_BODY + 1);
    }
  }

  private Miss miss(Entry entry, PveCall call, IOException broken, boolean sent) {
    if (broken instanceof SSLException && !sent) {
      String why = "TLS: " + deepest(broken);
      LOG.warn("{} shows a certificate that is not trusted: {}", name(entry), why);
      shun(entry);
      return new Miss(
          isMismatch(broken) ? PveFailure.Kind.TLS_MISMATCH : PveFailure.Kind.UNREACHABLE,
          why,
          false,
          false);
    }
    if (!sent) {
      shun(entry);
      return new Miss(
          PveFailure.Kind.UNREACHABLE, "cannot be reached: " + deepest(broken), false, false);
    }
    if (broken instanceof InterruptedIOException) {
      return new Miss(
          PveFailure.Kind.NO_ANSWER,
          "no answer within %d s"
              .formatted((call.mutates() ? timeouts.change() : timeouts.read()).toSeconds()),
          true,
          false);
    }
    return new Miss(
        PveFailure.Kind.NO_ANSWER,
        "the connection broke before the answer was complete: " + deepest(broken),
        true,
        true);
  }

  private void shun(Entry entry) {
    shunnedUntil.put(entry.node().name(), clock.instant().plus(SHUNNED));
  }

  private static boolean isInterrupt(IOException broken) {
    return broken instanceof InterruptedIOException && "interrupted".equals(broken.getMessage());
  }

  private static boolean isMismatch(Throwable broken) {
    for (Throwable each = broken; each != null; each = each.getCause()) {
      if (each instanceof java.security.cert.CertificateException
          || each instanceof java.security.cert.CertPathValidatorException
          || each instanceof javax.net.ssl.SSLPeerUnverifiedException) {
        return true;
      }
    }
    return false;
  }

  private static String deepest(Throwable broken) {
    Throwable cause = broken;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    root.dispatcher().executorService().shutdown();
    for (Entry entry : entries.values()) {
      entry.readers().connectionPool().evictAll();
      entry.changers().connectionPool().evictAll();
    }
  }

  @Override
  public String toString() {
    return "PveCaller of " + entries.keySet() + " as " + token.id();
  }
}
