package dev.pvebot.integrations.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.NodeSpec;
import dev.pvebot.integrations.lab.config.PveVersion;
import dev.pvebot.integrations.lab.wire.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnvelopeTest {
  private static Lab lab;
  private static Caller operator;

  @BeforeAll
  static void start() {
    lab = Lab.start(LabConfig.isolated().withSteppedClock());
    operator = Caller.of(lab);
  }

  @AfterAll
  static void stop() {
    lab.close();
    assertThat(lab.defects()).isEmpty();
  }

  @Test
  void wrongParameters_areNamedWithPvesTexts() {
    Caller.Answer answer =
        operator.post(
            "/nodes/pve01/qemu/101/clone",
            "newid",
            "7",
            "bogus",
            "1",
            "full",
            "true",
            "name",
            "a_b");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.reason()).isEqualTo("Parameter verification failed.");
    assertThat(answer.errors().get("newid")).isEqualTo("value must have a minimum value of 100");
    assertThat(answer.errors().get("bogus"))
        .isEqualTo(
            "property is not defined in schema and the schema does not allow additional"
                + " properties");
    assertThat(answer.errors().get("full")).isEqualTo("type check ('boolean') failed - got 'true'");
    assertThat(answer.errors().get("name"))
        .isEqualTo("invalid format - value does not look like a valid DNS name\n");
  }

  @Test
  void aMissingParameter_isNamed() {
    assertThat(operator.post("/nodes/pve01/qemu/101/clone").errors().get("newid"))
        .isEqualTo("property is missing and it is not optional");
  }

  @Test
  void valuesOfPropertyStrings_areCheckedToo() {
    Caller.Answer answer =
        operator.put(
            "/nodes/pve01/qemu/1031/config",
            "net1",
            "virtio,bogus=1",
            "tags",
            "a b!",
            "scsihw",
            "scsi",
            "ipconfig0",
            "gw=10.0.0.1");
    assertThat(answer.errors().get("net1"))
        .isEqualTo(
            "invalid format - format error\n"
                + "bogus: property is not defined in schema and the schema does not allow"
                + " additional properties\n");
    assertThat(answer.errors().get("tags"))
        .isEqualTo("invalid format - invalid characters in tag\n");
    assertThat((String) answer.errors().get("scsihw"))
        .startsWith("value 'scsi' does not have a value in the enumeration 'lsi, lsi53c810, ");
    assertThat((String) answer.errors().get("ipconfig0")).startsWith("invalid format - gateway");
  }

  @Test
  void indexedOptions_endWherePvesEnd() {
    assertThat(operator.put("/nodes/pve01/qemu/1031/config", "scsi31", "none").errors())
        .containsOnlyKeys("scsi31");
  }

  @Test
  void aValueThatContradictsThePath_isRefused() {
    assertThat(
            operator
                .post("/nodes/pve01/qemu/1031/status/start", "vmid", "1032")
                .errors()
                .get("vmid"))
        .isEqualTo("duplicate parameter (already defined in URI) with conflicting values!");
  }

  @Test
  void aPlusInAForm_isASpace_soSizesMustBeEncoded() {
    assertThat(
            operator.call("PUT", "/nodes/pve01/qemu/1031/resize", "disk=scsi0&size=+1G").errors())
        .containsOnlyKeys("size");
  }

  @Test
  void jsonBodies_areTaken() {
    Caller json = operator.with("Content-Type", "application/json");
    assertThat(
            json.call(
                    "PUT",
                    "/nodes/pve01/qemu/1031/config",
                    Json.write(Json.object("cores", 4, "onboot", true)))
                .status())
        .isEqualTo(200);
    assertThat(operator.get("/nodes/pve01/qemu/1031/config").map().get("cores")).isEqualTo(4L);
  }

  @Test
  void whatPveDoesNotHave_is501_andWhatTheLabDoesNotPlay_saysSo() {
    assertThat(operator.get("/nodes/pve01/foo").reason())
        .isEqualTo("Method 'GET /nodes/pve01/foo' not implemented");
    assertThat(operator.get("/nodes/pve01/dns").reason()).contains("the lab does not simulate it");
    assertThat(operator.get("/api2/html/version").status()).isEqualTo(501);
  }

  @Test
  void anUnknownNode_isALookupFailure() {
    assertThat(operator.get("/nodes/pve09/qemu").message())
        .isEqualTo(
            "hostname lookup 'pve09' failed - failed to get address info for: pve09: Name or"
                + " service not known");
  }

  @Test
  void extjs_alwaysSays200() {
    Caller.Answer answer = operator.get("/api2/extjs/nodes/pve01/qemu/4711/config");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.object().get("success")).isEqualTo(0L);
    assertThat(answer.object().get("status")).isEqualTo(500L);
  }

  @Test
  void anyNode_forwardsForTheOthers() {
    Caller third = operator.at(lab.endpoint("pve03"));
    assertThat(third.get("/nodes/pve01/qemu/1031/status/current").status()).isEqualTo(200);
    assertThat(lab.ledger().calls().getLast().node()).isEqualTo("pve03");
    assertThat(lab.ledger().calls().getLast().target()).isEqualTo("pve01");
  }

  @Test
  void eachNode_hasACertificateOfItsOwn() {
    assertThat(lab.fingerprints().values()).doesNotHaveDuplicates().hasSize(3);
    assertThat(operator.get("/nodes").list())
        .extracting(row -> row.get("ssl_fingerprint"))
        .containsExactlyElementsOf(lab.fingerprints().values());
  }

  @ParameterizedTest
  @EnumSource(PveVersion.class)
  void everyReadThatTheLabPlays_keepsThePromiseOfPvesSchema(PveVersion version) {
    LabConfig config =
        LabConfig.isolated()
            .withVersion(version)
            .withClusterName("example.org")
            .withNodes(NodeSpec.of("alpha", 21), NodeSpec.of("beta", 22));
    try (Lab other = Lab.start(config)) {
      Caller caller = Caller.of(other);
      String upid = caller.post("/nodes/alpha/qemu/1033/status/start").text();
      String snapshot =
          caller.post("/nodes/alpha/lxc/1092/snapshot", "snapname", "before-upgrade").text();
      await().until(() -> caller.exit(snapshot), "OK"::equals);
      List<String> failed = new ArrayList<>();
      for (String endpoint : other.cluster().endpoints()) {
        if (endpoint.startsWith("GET ")) {
          String path = filled(endpoint.substring(4), upid);
          Caller.Answer answer = caller.get(path);
          if (answer.status() != 200 && answer.status() != 501) {
            failed.add(path + " " + answer);
          }
        }
      }
      assertThat(failed).isEmpty();
      assertThat(other.defects()).isEmpty();
    }
  }

  private static String filled(String path, String upid) {
    return path.replace("/rrddata", "/rrddata?timeframe=day")
        .replace("lxc/{vmid}", "lxc/1092")
        .replace("{node}", "alpha")
        .replace("{vmid}", "1031")
        .replace("{upid}", upid)
        .replace("{storage}", "local")
        .replace("{volume}", "local%3Aiso%2Fubuntu-24.04.3-live-server-amd64.iso")
        .replace("{snapname}", "before-upgrade")
        .replace("{userid}", "pvebot@pve")
        .replace("{tokenid}", "operator")
        .replace("{roleid}", "PVEAuditor")
        .replace("{poolid}", "lab")
        .replace("{sid}", "vm:1032");
  }
}
