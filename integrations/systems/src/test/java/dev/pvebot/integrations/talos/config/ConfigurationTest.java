package dev.pvebot.integrations.talos.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.MacAddress;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.integrations.talos.pki.Pem;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final SecretsBundle SECRETS = SecretsBundle.generate(NOW, RANDOM);
  private static final String MAC = "02:54:00:00:01:51";

  private static ClusterConfig cluster(String talos, String kubernetes) {
    return new ClusterConfig(
        "talos-staging",
        TalosVersion.parse(talos),
        TalosVersion.parse(kubernetes),
        "10.0.0.50",
        List.of("10.0.0.50"),
        List.of("10.244.0.0/16"),
        List.of("10.96.0.0/12"),
        "factory.talos.dev/nocloud-installer/abc:v" + talos,
        List.of("10.0.0.1"),
        Optional.of(IpAddress.parse("10.0.0.1")),
        Optional.of(IpAddress.parse("10.0.0.50")));
  }

  private static ClusterConfig.Node node(ClusterProfile.Role role) {
    return new ClusterConfig.Node(
        "ts01", role, Optional.of("10.0.0.51/24"), Optional.of(new MacAddress(MAC)));
  }

  private static JsonNode first(Secret documents) throws Exception {
    return new YAMLMapper().readTree(documents.reveal().split("\n---\n")[0]);
  }

  @Test
  void secrets_writtenAndReadAgain_areTheSame() {
    assertThat(SecretsBundle.read(SECRETS.write())).isEqualTo(SECRETS);
  }

  @Test
  void secrets_withAPartMissing_areRefusedByTheNameOfThePart_withoutAnyValue() {
    Secret damaged = new Secret(SECRETS.write().reveal().replace("bootstraptoken", "other"));
    assertThatThrownBy(() -> SecretsBundle.read(damaged))
        .hasMessageContaining("secrets.bootstraptoken")
        .hasMessageNotContaining(SECRETS.bootstrapToken().reveal());
  }

  @Test
  void worker_getsNoKeyThatOnlyControlPlanesNeed() throws Exception {
    Secret text = cluster("1.12.4", "1.35.0").machine(SECRETS, node(ClusterProfile.Role.WORKER));
    JsonNode config = first(text);
    assertThat(config.at("/machine/ca/key").asText()).isEmpty();
    assertThat(config.at("/cluster/ca/key").asText()).isEmpty();
    assertThat(config.at("/cluster").has("etcd")).isFalse();
    assertThat(config.at("/machine/network/interfaces/0").has("vip")).isFalse();
    for (Secret key :
        List.of(
            SECRETS.os().key(),
            SECRETS.kubernetes().key(),
            SECRETS.etcd().key(),
            SECRETS.aggregator().key(),
            SECRETS.serviceAccountKey())) {
      assertThat(text.reveal()).doesNotContain(Yaml.base64(key.reveal()));
    }
  }

  @Test
  void card_isFoundByItsMac_neverByAName() throws Exception {
    JsonNode card =
        first(cluster("1.12.4", "1.35.0").machine(SECRETS, node(ClusterProfile.Role.CONTROLPLANE)))
            .at("/machine/network/interfaces/0");
    assertThat(card.at("/deviceSelector/hardwareAddr").asText()).isEqualTo(MAC);
    assertThat(card.has("interface")).isFalse();
    assertThat(card.at("/addresses/0").asText()).isEqualTo("10.0.0.51/24");
    assertThat(card.at("/routes/0/gateway").asText()).isEqualTo("10.0.0.1");
    assertThat(card.at("/vip/ip").asText()).isEqualTo("10.0.0.50");
  }

  @Test
  void staticAddressWithoutMac_isRefused() {
    ClusterConfig.Node blind =
        new ClusterConfig.Node(
            "ts01", ClusterProfile.Role.WORKER, Optional.of("10.0.0.51/24"), Optional.empty());
    assertThatThrownBy(() -> cluster("1.12.4", "1.35.0").machine(SECRETS, blind))
        .hasMessageContaining("ts01")
        .hasMessageContaining("give it a mac");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.9.6", "1.10.9", "1.11.6"})
  void hostname_before112_isAField(String talos) throws Exception {
    Secret text = cluster(talos, "1.32.0").machine(SECRETS, node(ClusterProfile.Role.WORKER));
    assertThat(first(text).at("/machine/network/hostname").asText()).isEqualTo("ts01");
    assertThat(text.reveal()).doesNotContain("HostnameConfig");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.12.4", "1.13.9", "1.14.0-rc.1"})
  void hostname_since112_isADocument(String talos) throws Exception {
    Secret text = cluster(talos, "1.35.0").machine(SECRETS, node(ClusterProfile.Role.WORKER));
    assertThat(first(text).at("/machine/network").has("hostname")).isFalse();
    assertThat(text.reveal()).contains("kind: HostnameConfig", "hostname: ts01");
  }

  @Test
  void talosconfig_writtenAndRead_givesTheSameIdentity_forAYear() {
    var identity = AdminAccess.identity(SECRETS, NOW, RANDOM);
    var access =
        AdminAccess.read(
            AdminAccess.talosconfig("talos-staging", List.of("10.0.0.51"), List.of(), identity));
    assertThat(access.identity()).isEqualTo(identity);
    assertThat(access.context()).isEqualTo("talos-staging");
    assertThat(access.until()).isEqualTo(Instant.parse("2027-01-02T03:04:05Z"));
  }

  @Test
  void adminCertificate_hasTheRole_noName_andIsForClientsOnly() throws Exception {
    X509Certificate admin =
        Pem.certificate(AdminAccess.identity(SECRETS, NOW, RANDOM).certificate());
    assertThat(admin.getSubjectX500Principal().getName()).isEqualTo("O=os:admin");
    // Talos ends the handshake of anything else (apid, verifyExtKeyUsage)
    assertThat(admin.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    admin.verify(Pem.certificate(SECRETS.os().certificate()).getPublicKey());
  }

  @Test
  void kubeconfig_isNamedAfterTheCluster_andItsUserIsAdministrator() throws Exception {
    JsonNode config =
        new YAMLMapper()
            .readTree(
                AdminAccess.kubeconfig(cluster("1.12.4", "1.35.0"), SECRETS, NOW, RANDOM).reveal());
    assertThat(config.path("current-context").asText()).isEqualTo("admin@talos-staging");
    assertThat(config.at("/clusters/0/cluster/server").asText())
        .isEqualTo("https://10.0.0.50:6443");
    String pem =
        new String(
            java.util.Base64.getDecoder()
                .decode(config.at("/users/0/user/client-certificate-data").asText()),
            java.nio.charset.StandardCharsets.UTF_8);
    assertThat(Pem.certificate(pem).getSubjectX500Principal().getName())
        .contains("O=system:masters", "CN=admin");
  }

  @Test
  void keys_ofEveryKind_areReadBack() throws Exception {
    assertThat(Pem.privateKey(SECRETS.os().key().reveal()).getAlgorithm()).isEqualTo("EdDSA");
    assertThat(Pem.privateKey(SECRETS.etcd().key().reveal()).getAlgorithm()).isEqualTo("EC");
    assertThat(Pem.privateKey(SECRETS.serviceAccountKey().reveal()).getAlgorithm())
        .isEqualTo("RSA");
  }

  @ParameterizedTest
  @CsvSource({
    "1.9.6,1.10.0",
    "1.12.4,1.12.10",
    "1.14.0-rc.1,1.14.0",
    "1.14.0-rc.9,1.14.0-rc.10",
    "1.14.0-alpha.2,1.14.0-beta.0"
  })
  void versions_areOrdered(String earlier, String later) {
    assertThat(TalosVersion.parse(earlier)).isLessThan(TalosVersion.parse(later));
  }
}
