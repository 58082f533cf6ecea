package dev.pvebot.integrations.pve.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.runbooks.action.ActionFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Headers;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PveCallerTest {
  private static final String SECRET = "1b7a0c2e-1111-2222-3333-444455556666";
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(2), Duration.ofMillis(2500), Duration.ofMillis(2000));
  private static final PveCall READ = PveCall.get("reading what there is", "cluster", "resources");
  private static final PveCall START =
      PveCall.post("starting VM 101 on beta", "nodes", "beta", "qemu", 101, "status", "start");

  @TempDir private Path folder;
  private final HeldCertificate authority =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("Lab CA").build();
  private final HeldCertificate identity = certificate("127.0.0.1");
  private final MockWebServer alpha = new MockWebServer();
  private final MockWebServer beta = new MockWebServer();

  private HeldCertificate certificate(String name) {
    return new HeldCertificate.Builder()
        .signedBy(authority)
        .addSubjectAlternativeName(name)
        .build();
  }

  @BeforeEach
  void start() throws IOException {
    secure(alpha, identity);
    secure(beta, identity);
    alpha.start(InetAddress.getByName("127.0.0.1"), 0);
    beta.start(InetAddress.getByName("127.0.0.1"), 0);
  }

  private static void secure(MockWebServer server, HeldCertificate certificate) {
    server.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate)
            .build()
            .sslSocketFactory());
  }

  @AfterEach
  void stop() {
    alpha.close();
    beta.close();
  }

  private static Site.ApiNode node(String name, int port) {
    return new Site.ApiNode(new NodeName(name), "127.0.0.1", port);
  }

  private PveCaller caller(Site.Tls tls, Site.ApiNode... nodes) {
    return new PveCaller(
        List.of(nodes),
        tls,
        ApiToken.parse(new Secret("pvebot@pve!bot=" + SECRET)),
        TIMEOUTS,
        InstantSource.system());
  }

  private PveCaller both() {
    return caller(byAuthority(), node("alpha", alpha.getPort()), node("beta", beta.getPort()));
  }

  private Site.Tls.Authority byAuthority() {
    try {
      return new Site.Tls.Authority(
          Files.writeString(folder.resolve("ca.pem"), authority.certificatePem()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Site.Tls.Pinned pinned(String fingerprint) {
    Map<NodeName, String> all = new TreeMap<>();
    all.put(new NodeName("alpha"), fingerprint);
    all.put(new NodeName("beta"), fingerprint);
    return new Site.Tls.Pinned(all);
  }

  private static String fingerprint(HeldCertificate certificate) throws GeneralSecurityException {
    return HexFormat.ofDelimiter(":")
        .withUpperCase()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(certificate.certificate().getEncoded()));
  }

  private static MockResponse json(String body) {
    return new MockResponse(
        200, Headers.of("Content-Type", "application/json;charset=UTF-8"), body);
  }

  private static MockResponse says(int status, String phrase, String body) {
    return new MockResponse.Builder()
        .status("HTTP/1.1 " + status + " " + phrase)
        .body(body)
        .build();
  }

  private static PveFailure failureOf(PveCaller caller, PveCall call) {
    return catchThrowableOfType(PveFailure.class, () -> caller.call(call));
  }

  // --- the request

  @Test
  void request_carriesTheTokenAndTheForm_withEveryReservedLetterEncoded() throws Exception {
    alpha.enqueue(json("{\"data\":null}"));
    both()
        .call(
            PveCall.put("configuring", "nodes", "gamma", "qemu", 101, "config")
                .with("boot", "order=scsi0;net0")
                .with("net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0")
                .with("onboot", true)
                .with("description", "a & b"));
    RecordedRequest request = alpha.takeRequest(5, TimeUnit.SECONDS);
    assertThat(request.getHeaders().get("Authorization"))
        .isEqualTo("PVEAPIToken=pvebot@pve!bot=" + SECRET);
    assertThat(request.getHeaders().get("Content-Type"))
        .isEqualTo("application/x-www-form-urlencoded");
    assertThat(request.getHeaders().get("Content-Length")).isNotNull();
    assertThat(request.getBody().utf8())
        .isEqualTo(
            "boot=order%3Dscsi0%3Bnet0&net0=virtio%3DBC%3A24%3A11%3A00%3A00%3A01%2Cbridge%3Dvmbr0&onboot=1&description=a+%26+b");
  }

  @Test
  void delete_hasItsParametersInTheQuery_andNoBody() throws Exception {
    alpha.enqueue(json("{\"data\":null}"));
    both()
        .call(
            PveCall.delete("destroying", "nodes", "alpha", "qemu", 101)
                .with("purge", true)
                .with("x", "a=b;c,d"));
    RecordedRequest request = alpha.takeRequest(5, TimeUnit.SECONDS);
    assertThat(request.getTarget())
        .isEqualTo("/api2/json/nodes/alpha/qemu/101?purge=1&x=a%3Db%3Bc%2Cd");
    assertThat(request.getBodySize()).isZero();
  }

  @Test
  void callAboutANode_goesToThatNodeFirst() throws Exception {
    beta.enqueue(json("{\"data\":1}"));
    assertThat(both().answer(PveCall.get("asking", "nodes", "beta", "status")).by())
        .isEqualTo(new NodeName("beta"));
    assertThat(alpha.getRequestCount()).isZero();
  }

  // --- failover

  @Test
  void reading_goesToTheNextNode_whenOneCannotBeReached() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    beta.enqueue(json("{\"data\":[]}"));
    PveCaller caller = caller(byAuthority(), node("alpha", closed), node("beta", beta.getPort()));
    assertThat(caller.answer(READ).by()).isEqualTo(new NodeName("beta"));
  }

  @Test
  void reading_goesToTheNextNode_afterHtmlHalfJsonAndResets() throws Exception {
    PveCaller caller = both();
    for (MockResponse bad :
        List.of(
            new MockResponse(200, Headers.of(), "<html>log in</html>"),
            new MockResponse(200, Headers.of(), "{\"data\":[1,"),
            new MockResponse(200, Headers.of(), ""),
            says(502, "Bad Gateway", ""),
            says(503, "Service Unavailable", ""))) {
      alpha.enqueue(bad);
      beta.enqueue(json("{\"data\":[]}"));
      assertThat(caller.answer(READ).by()).isEqualTo(new NodeName("beta"));
    }
  }

  @Test
  void mutatingCall_thatCannotHaveLeft_goesToTheNextNode() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    alpha.enqueue(json("{\"data\":null}"));
    PveCaller caller = caller(byAuthority(), node("alpha", alpha.getPort()), node("beta", closed));
    assertThat(caller.answer(START).by()).isEqualTo(new NodeName("alpha"));
  }

  @Test
  void mutatingCall_thatMayHaveArrived_isNeverMadeAgain() {
    beta.enqueue(
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
    PveFailure failure = failureOf(both(), START);
    assertThat(failure.kind()).isEqualTo(PveFailure.Kind.NO_ANSWER);
    assertThat(failure.isOpen()).isTrue();
    assertThat(failure.toActionFailure().kind()).isEqualTo(ActionFailure.Kind.OPEN);
    assertThat(alpha.getRequestCount()).isZero();
    assertThat(beta.getRequestCount()).isEqualTo(1);
  }

  @Test
  void mutatingCall_withoutAnAnswerInTime_isOpen() {
    beta.enqueue(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
    PveFailure failure = failureOf(both(), START);
    assertThat(failure.isOpen()).isTrue();
    assertThat(failure.reason()).isEqualTo("no answer within 2 s");
    assertThat(alpha.getRequestCount()).isZero();
  }

  @Test
  void noNodeAtAll_namesEachThatWasTried() throws Exception {
    alpha.close();
    beta.close();
    PveFailure failure = failureOf(both(), READ);
    assertThat(failure.kind()).isEqualTo(PveFailure.Kind.UNREACHABLE);
    assertThat(failure)
        .hasMessageContaining("reading what there is: cannot be reached")
        .hasMessageContaining("alpha")
        .hasMessageContaining("beta");
    assertThat(failure.toActionFailure().kind()).isEqualTo(ActionFailure.Kind.RETRYABLE);
  }

  // --- TLS

  @Test
  void pinnedCertificate_isAccepted_byItsFingerprintAlone() throws Exception {
    beta.enqueue(json("{\"data\":[]}"));
    HeldCertificate selfSigned = new HeldCertificate.Builder().commonName("other.name").build();
    try (MockWebServer own = new MockWebServer()) {
      secure(own, selfSigned);
      own.start(InetAddress.getByName("127.0.0.1"), 0);
      own.enqueue(json("{\"data\":[]}"));
      caller(pinned(fingerprint(selfSigned)), node("alpha", own.getPort())).call(READ);
      assertThat(own.getRequestCount()).isEqualTo(1);
    }
  }

  @Test
  void anotherCertificate_isAMismatch_andNothingIsSent() throws Exception {
    PveCaller caller = caller(pinned("00".repeat(32)), node("alpha", alpha.getPort()));
    PveFailure failure = failureOf(caller, START);
    assertThat(failure.kind()).isEqualTo(PveFailure.Kind.TLS_MISMATCH);
    assertThat(failure.reason()).contains(fingerprint(identity));
    assertThat(failure.toActionFailure().kind()).isEqualTo(ActionFailure.Kind.REFUSED);
    assertThat(failure.hint().orElseThrow().now()).contains("find out who answers there");
    assertThat(alpha.getRequestCount()).isZero();
  }

  @Test
  void certificateOfTheAuthority_forAnotherHost_isRefused() throws Exception {
    try (MockWebServer own = new MockWebServer()) {
      secure(own, certificate("127.0.0.99"));
      own.start(InetAddress.getByName("127.0.0.1"), 0);
      PveFailure failure = failureOf(caller(byAuthority(), node("alpha", own.getPort())), READ);
      assertThat(failure.kind()).isEqualTo(PveFailure.Kind.TLS_MISMATCH);
      assertThat(own.getRequestCount()).isZero();
    }
  }

  // --- what PVE says

  @Test
  void words_comeFromTheMessage_andTheParametersAtFault() {
    beta.enqueue(
        says(
            400,
            "Parameter verification failed.",
            "{\"data\":null,\"message\":\"Parameter verification"
                + " failed.\\n\",\"errors\":{\"target\":\"target is local node.\\n\"}}"));
    PveFailure failure = failureOf(both(), START);
    assertThat(failure.kind()).isEqualTo(PveFailure.Kind.REJECTED);
    assertThat(failure.reason())
        .isEqualTo("Parameter verification failed. target: target is local node.");
    assertThat(failure.endpoint()).isEqualTo("POST /nodes/beta/qemu/101/status/start");
    assertThat(failure.node()).contains(new NodeName("beta"));
    assertThat(failure.vmid()).contains(new Vmid(101));
  }

  @Test
  void wordsOfAnOlderRelease_comeFromTheReasonPhrase() {
    beta.enqueue(says(500, "VM is locked (backup)", "{\"data\":null}"));
    PveFailure failure = failureOf(both(), START);
    assertThat(failure.kind()).isEqualTo(PveFailure.Kind.REFUSED);
    assertThat(failure.hint().orElseThrow().why()).isEqualTo("a backup of it is running");
  }

  @Test
  void missingPrivilege_isNamed_withTheWayToGrantIt() {
    beta.enqueue(
        says(
            403,
            "Permission check failed (/vms/101, VM.PowerMgmt)",
            "{\"data\":null,\"message\":\"Permission check failed (/vms/101, VM.PowerMgmt)\\n\"}"));
    PveFailure failure = failureOf(both(), START);
    assertThat(failure.missing())
        .contains(new PveFailure.MissingPrivilege("/vms/101", "VM.PowerMgmt"));
    assertThat(failure.hint().orElseThrow().why())
        .isEqualTo("the token lacks VM.PowerMgmt on /vms/101");
    assertThat(failure.toActionFailure().kind()).isEqualTo(ActionFailure.Kind.REFUSED);
  }

  @Test
  void lockTimeout_mayBeTriedAgain() {
    beta.enqueue(
        says(
            500,
            "x",
            "{\"data\":null,\"message\":\"can't lock file '/var/lock/qemu-server/lock-101.conf' -"
                + " got timeout\\n\"}"));
    PveFailure failure = failureOf(both(), START);
    assertThat(failure.toActionFailure().kind()).isEqualTo(ActionFailure.Kind.RETRYABLE);
    assertThat(failure.hint().orElseThrow().why()).isEqualTo("VM 101 is busy with something else");
  }

  @Test
  void nodeAway_595_certainlyDidNothing_and596_mayHave() {
    beta.enqueue(says(595, "No route to host", ""));
    assertThat(failureOf(both(), START).toActionFailure().kind())
        .isEqualTo(ActionFailure.Kind.RETRYABLE);
    beta.enqueue(says(596, "Connection timed out", ""));
    assertThat(failureOf(both(), START).toActionFailure().kind())
        .isEqualTo(ActionFailure.Kind.OPEN);
  }

  @Test
  void failure500_withoutPvesWords_isOpen() {
    beta.enqueue(says(500, "Internal Server Error", "<html>oops</html>"));
    assertThat(failureOf(both(), START).toActionFailure().kind())
        .isEqualTo(ActionFailure.Kind.OPEN);
  }

  @Test
  void redirect_isNotFollowed() {
    alpha.enqueue(
        new MockResponse(
            301,
            Headers.of("Location", "https://127.0.0.1:" + beta.getPort() + "/api2/json/x"),
            ""));
    PveFailure failure = failureOf(caller(byAuthority(), node("alpha", alpha.getPort())), READ);
    assertThat(failure.kind()).isEqualTo(PveFailure.Kind.NONSENSE);
    assertThat(beta.getRequestCount()).isZero();
  }

  @Test
  void hugeBody_isGivenUp() {
    alpha.enqueue(json("{\"data\":\"" + "x".repeat(PveCaller.MAX_BODY) + "\"}"));
    Timeouts patient =
        new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(10));
    PveCaller caller =
        new PveCaller(
            List.of(node("alpha", alpha.getPort())),
            byAuthority(),
            ApiToken.parse(new Secret("pvebot@pve!bot=" + SECRET)),
            patient,
            InstantSource.system());
    PveFailure failure = failureOf(caller, READ);
    assertThat(failure.reason()).isEqualTo("answered with more than 16 MiB");
  }

  @Test
  void secret_isInNoFailure() {
    beta.enqueue(says(401, "invalid token value!", ""));
    PveCaller caller = both();
    PveFailure failure = failureOf(caller, START);
    assertThat(failure.hint()).isPresent();
    assertThat(stackOf(failure) + caller + failure.toActionFailure().now()).doesNotContain(SECRET);
  }

  private static String stackOf(Throwable failure) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    failure.printStackTrace(new java.io.PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void interrupt_endsACall() throws Exception {
    alpha.enqueue(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
    PveCaller caller = caller(byAuthority(), node("alpha", alpha.getPort()));
    Thread[] waiting = new Thread[1];
    java.util.concurrent.CompletableFuture<Throwable> end =
        new java.util.concurrent.CompletableFuture<>();
    waiting[0] =
        Thread.ofVirtual()
            .start(() -> {
              try {
                caller.call(READ);
              } catch (InterruptedException | RuntimeException e) {
                end.complete(e);
              }
            });
    assertThat(alpha.takeRequest(5, TimeUnit.SECONDS)).isNotNull();
    waiting[0].interrupt();
    assertThat(end.get(2, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void unusableAuthority_isSaidAtOnce() {
    assertThatThrownBy(
            () -> caller(new Site.Tls.Authority(folder.resolve("none.pem")), node("alpha", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none.pem cannot be read as a PEM certificate");
  }
}
