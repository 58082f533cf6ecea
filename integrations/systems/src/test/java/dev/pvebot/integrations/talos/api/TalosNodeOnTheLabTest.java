package dev.pvebot.integrations.talos.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.MacAddress;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.PveLab;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.talos.config.AdminAccess;
import dev.pvebot.integrations.talos.config.ClusterConfig;
import dev.pvebot.integrations.talos.config.SecretsBundle;
import dev.pvebot.integrations.talos.config.TalosVersion;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Tasks;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Our client and our configurations against a machine of the lab, whose protos and rules were
/// written by somebody else.
class TalosNodeOnTheLabTest {
  private static final int VMID = 1051;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern MAC = Pattern.compile("(?i)([0-9a-f]{2}:){5}[0-9a-f]{2}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private static PveLab site;
  private static SecretsBundle secrets;
  private static ClusterConfig cluster;
  private static ClientIdentity admin;
  private static TalosNode node;
  private static String fingerprint;
  private static Replies.Applied applied;
  private static String dhcp;

  @BeforeAll
  static void oneControlPlaneThatIsBootstrapped() throws Exception {
    site = PveLab.fast();
    Pve pve = site.client();
    run(
        pve,
        PveCall.post("cloning", "nodes", "pve01", "qemu", 101, "clone")
            .with("newid", VMID)
            .with("name", "ts01")
            .with("full", 1));
    run(pve, PveCall.post("starting", "nodes", "pve01", "qemu", VMID, "status", "start"));
    await().atMost(PATIENCE).until(() -> guestAddress().isPresent());
    dhcp = guestAddress().orElseThrow();

    secrets = SecretsBundle.generate(Instant.now(), RANDOM);
    String vip = site.lab().config().address(50);
    cluster =
        new ClusterConfig(
            "talos-test",
            TalosVersion.parse("1.12.4"),
            TalosVersion.parse("1.35.0"),
            vip,
            List.of(vip),
            List.of("10.244.0.0/16"),
            List.of("10.96.0.0/12"),
            "factory.talos.dev/nocloud-installer/"
                + "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515:v1.12.4",
            List.of(),
            Optional.empty(),
            Optional.of(IpAddress.parse(vip)));
    admin = AdminAccess.identity(secrets, Instant.now(), RANDOM);

    try (TalosNode fresh =
        TalosNode.maintenance(NodeAddress.of(dhcp), Optional.empty(), Timing.defaults())) {
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsMatching(TalosFailure.class::isInstance)
          .until(
              () ->
                  fresh
                      .resources()
                      .get(Kind.MACHINE_STATUS, "machine")
                      .map(status -> status.spec().path("stage").asText()),
              Optional.of("maintenance")::equals);
      fingerprint = fresh.fingerprint().orElseThrow();
      applied =
          fresh.apply(
              cluster.machine(
                  secrets,
                  new ClusterConfig.Node(
                      "ts01",
                      ClusterProfile.Role.CONTROLPLANE,
                      Optional.of(site.lab().config().address(51) + "/24"),
                      Optional.of(mac()))),
              TalosNode.Mode.AUTO);
    }
    node =
        TalosNode.connect(
            NodeAddress.of("ts01", site.lab().config().address(51)), admin, Timing.defaults());
    awaitService("Preparing");
    node.etcd().bootstrap(Optional.empty());
    awaitService("Running");
  }

  private static void awaitService(String state) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(TalosFailure.class::isInstance)
        .until(() ->
            node.services().stream()
                .anyMatch(service -> service.id().equals("etcd") && service.state().equals(state)));
  }

  @AfterAll
  static void close() {
    node.close();
    site.close();
  }

  private static void run(Pve pve, PveCall call) throws Exception {
    Tasks.End end =
        pve.tasks().await(pve.caller().start(call).orElseThrow(), PATIENCE, remark -> {});
    assertThat(end.outcome()).isEqualTo(Tasks.Outcome.OK);
  }

  private static Optional<String> guestAddress() {
    return site.lab().guest(VMID).flatMap(guest -> guest.address());
  }

  private static MacAddress mac() {
    Matcher found = MAC.matcher(site.lab().guest(VMID).orElseThrow().config().get("net0"));
    assertThat(found.find()).isTrue();
    return new MacAddress(found.group().toLowerCase(Locale.ROOT));
  }

  @Test
  void apply_inMaintenance_isTaken_andTheNodeWasKnownByItsKey() {
    assertThat(applied.details()).isNotEmpty();
    assertThat(fingerprint).matches("[0-9a-f]{64}");
  }

  @Test
  void version_isThatOfTheImage() throws Exception {
    assertThat(node.version()).isEqualTo(new Replies.Version("1.12.4", "nocloud", "amd64"));
    assertThat(node.hostname()).isEqualTo("ts01");
  }

  @Test
  void bootstrap_aSecondTime_isRefusedByTheNode_andNamesNodeAndRpc() {
    TalosFailure failure =
        catchThrowableOfType(TalosFailure.class, () -> node.etcd().bootstrap(Optional.empty()));
    assertThat(failure.code()).isEqualTo(Status.Code.ALREADY_EXISTS);
    assertThat(failure.kind()).isEqualTo(ActionFailure.Kind.REFUSED);
    assertThat(failure).hasMessageContaining("Bootstrap of ts01 (");
    assertThat(failure.during("bootstrapping etcd").what())
        .startsWith("bootstrapping etcd on ts01");
  }

  @Test
  void etcd_hasOneMember_whichLeads() throws Exception {
    List<Replies.EtcdMember> members = node.etcd().members(false);
    assertThat(members).singleElement().matches(member -> member.hostname().equals("ts01"));
    Replies.EtcdStatus status = node.etcd().status();
    assertThat(status.leader()).isEqualTo(status.member()).isEqualTo(members.getFirst().id());
    assertThat(node.etcd().alarms()).isEmpty();
  }

  @Test
  void snapshot_isADatabaseWithItsHashAtTheEnd() throws Exception {
    ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
    assertThat(node.etcd().snapshot(snapshot)).isEqualTo(snapshot.size()).isPositive();
    assertThat(snapshot.size() % 512).isEqualTo(32);
  }

  @Test
  void links_areKnownByTheirMac() throws Exception {
    assertThat(node.resources().list(Kind.LINKS))
        .anyMatch(
            link -> link.spec().path("hardwareAddr").asText().equalsIgnoreCase(mac().toString()));
  }

  @Test
  void machineConfig_comesBackAsItWasGiven() throws Exception {
    Resource config = node.resources().get(Kind.MACHINE_CONFIG, "v1alpha1").orElseThrow();
    assertThat(config.spec().asText()).contains("clusterName: talos-test", "HostnameConfig");
  }

  @Test
  void aResourceThatIsNotThere_isEmpty() throws Exception {
    assertThat(node.resources().get(Kind.LINKS, "nosuch0")).isEmpty();
  }

  @Test
  void kubeconfig_comesOutOfTalosShortArchive() throws Exception {
    assertThat(node.kubeconfig().reveal()).contains("kind: Config");
  }

  @Test
  void usage_isToldInItsUnits() throws Exception {
    assertThat(node.memory().totalKiB()).isGreaterThan(1024 * 1024);
    assertThat(node.mounts()).isNotEmpty();
    assertThat(node.load().one()).isNotNegative();
  }

  @Test
  void aStrangersCertificate_isRefused_andNothingWasSent() {
    ClientIdentity stranger =
        AdminAccess.identity(SecretsBundle.generate(Instant.now(), RANDOM), Instant.now(), RANDOM);
    try (TalosNode wrong = TalosNode.connect(node.address(), stranger, Timing.defaults())) {
      TalosFailure failure = catchThrowableOfType(TalosFailure.class, () -> wrong.power().reboot());
      assertThat(failure.kind()).isEqualTo(ActionFailure.Kind.RETRYABLE);
      assertThat(site.lab().talos().machine(VMID).orElseThrow().stage()).isEqualTo("running");
    }
  }

  @Test
  void aPinnedKeyThatChanged_isNotSpokenTo() {
    try (TalosNode other =
        TalosNode.maintenance(node.address(), Optional.of("0".repeat(64)), Timing.defaults())) {
      assertThat(catchThrowableOfType(TalosFailure.class, other::version))
          .hasMessageContaining("shows another key");
    }
  }

  @Test
  void nobodyListening_isSaidWithTheAddress_andMayBeTriedAgain() {
    String nobody = site.lab().config().address(99);
    try (TalosNode gone = TalosNode.connect(NodeAddress.of(nobody), admin, Timing.defaults())) {
      TalosFailure failure = catchThrowableOfType(TalosFailure.class, () -> gone.power().reboot());
      assertThat(failure.kind()).isEqualTo(ActionFailure.Kind.RETRYABLE);
      assertThat(failure).hasMessageContaining(nobody);
    }
  }
}
