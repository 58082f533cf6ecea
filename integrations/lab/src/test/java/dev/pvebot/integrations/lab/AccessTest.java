package dev.pvebot.integrations.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.PveVersion;
import dev.pvebot.integrations.lab.wire.Json;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessTest {
  private Lab lab;
  private Caller operator;
  private Caller anonymous;

  @BeforeEach
  void start() {
    lab = Lab.start(LabConfig.isolated().withSteppedClock());
    operator = Caller.of(lab);
    anonymous = Caller.anonymous(lab);
  }

  @AfterEach
  void stop() {
    lab.close();
    assertThat(lab.defects()).isEmpty();
  }

  private Caller bearing(String token) {
    return anonymous.with("Authorization", "PVEAPIToken=" + token);
  }

  @Test
  void noCredentials_areA401WithoutBody() {
    Caller.Answer answer = anonymous.get("/version");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.reason()).isEqualTo("No ticket");
    assertThat(answer.body()).hasToString("NULL");
  }

  @Test
  void wrongTokens_areToldApart_asBefore915() {
    String id = lab.token("operator").replaceFirst("=.*", "");
    assertThat(bearing(id + "=00000000-0000-0000-0000-000000000000").get("/version").reason())
        .isEqualTo("invalid token value!");
    assertThat(bearing("pvebot@pve!other=x").get("/version").reason())
        .isEqualTo("no such token 'other' for user 'pvebot@pve'");
    assertThat(bearing("nobody@pve!x=y").get("/version").reason())
        .isEqualTo("no such user ('nobody@pve')");
    assertThat(bearing("pvebot@pve=y").get("/version").reason()).isEqualTo("no tokenid specified");
    assertThat(Caller.of(lab, "expired").get("/version").reason())
        .isEqualTo("token 'expired' access expired");
  }

  @Test
  void aTicket_readsAtOnce_andWritesOnlyWithItsCsrfToken() {
    Caller.Answer login =
        anonymous.post("/access/ticket", "username", "root@pam", "password", lab.rootPassword());
    String ticket = Caller.text(login.map(), "ticket");
    String csrf = Caller.text(login.map(), "CSRFPreventionToken");
    assertThat(ticket).startsWith("PVE:root@pam:");
    Caller root = anonymous.with("Cookie", "PVEAuthCookie=" + ticket);
    assertThat(root.get("/version").status()).isEqualTo(200);
    Caller.Answer refused = root.put("/nodes/pve01/qemu/1031/config", "cores", "3");
    assertThat(refused.reason()).isEqualTo("Permission denied - invalid csrf token");
    assertThat(
            root.with("CSRFPreventionToken", csrf)
                .put("/nodes/pve01/qemu/1031/config", "cores", "3")
                .status())
        .isEqualTo(200);
  }

  @Test
  void aWrongPassword_isRefused_andNeverReachesTheLedger() {
    Caller.Answer answer =
        anonymous.post("/access/ticket", "username", "root@pam", "password", "canary-7f5c");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.reason()).isEqualTo("authentication failure");
    assertThat(lab.ledger().jsonLines(0)).doesNotContain("canary-7f5c").contains("***");
  }

  @Test
  void aFreshSeparatedToken_seesEmptyListsAndNo403() {
    Caller powerless = Caller.of(lab, "powerless");
    assertThat(powerless.get("/cluster/resources?type=vm").list()).isEmpty();
    assertThat(powerless.get("/nodes/pve01/qemu").list()).isEmpty();
    assertThat(powerless.get("/nodes/pve01/storage").list()).isEmpty();
    assertThat(powerless.get("/access/permissions").map()).isEmpty();
  }

  @Test
  void aMissingPrivilege_isNamedWithItsPath_beforeExistenceIsLookedAt() {
    Caller reader = Caller.of(lab, "readonly");
    assertThat(reader.post("/nodes/pve01/qemu/1031/status/start").reason())
        .isEqualTo("Permission check failed (/vms/1031, VM.PowerMgmt)");
    assertThat(reader.post("/nodes/pve01/qemu/4711/status/start").status()).isEqualTo(403);
    assertThat(reader.put("/nodes/pve01/qemu/1031/config", "cores", "2").reason())
        .startsWith("Permission check failed (/vms/1031, VM.Config.Disk|VM.Config.CDROM|");
    assertThat(reader.post("/nodes/pve01/qemu/101/clone", "newid", "200").reason())
        .isEqualTo("Permission check failed (/vms/101, VM.Clone)");
    assertThat(reader.get("/nodes/pve01/qemu/1031/config").status()).isEqualTo(200);
  }

  @Test
  void ownRights_canBeReadByPath() {
    Map<String, Object> all = operator.get("/access/permissions").map();
    assertThat(all.containsKey("/vms")).isTrue();
    assertThat(Json.write(all.getOrDefault("/vms", Map.of()))).contains("\"VM.Audit\":1");
    assertThat(Caller.of(lab, "readonly").get("/access/permissions?path=/vms/1031").map())
        .hasToString(
            "{/vms/1031={Datastore.Audit=1, Mapping.Audit=1, Pool.Audit=1, SDN.Audit=1,"
                + " Sys.Audit=1, VM.Audit=1, VM.GuestAgent.Audit=1}}");
  }

  @Test
  void aRoleAndATokenMadeByTheApi_mayExactlyThat() {
    operator.post("/access/users", "userid", "ops@pve");
    operator.post("/access/roles", "roleid", "Starter", "privs", "VM.Audit,VM.PowerMgmt");
    operator.put("/access/acl", "path", "/vms/1033", "users", "ops@pve", "roles", "Starter");
    String secret =
        (String)
            operator.post("/access/users/ops@pve/token/bot", "privsep", "0").map().get("value");
    Caller bot = bearing("ops@pve!bot=" + secret);
    assertThat(bot.get("/cluster/resources?type=vm").list())
        .extracting(row -> row.get("vmid"))
        .containsExactly(1033L);
    assertThat(bot.post("/nodes/pve03/qemu/1033/status/start").status()).isEqualTo(200);
    assertThat(bot.post("/nodes/pve01/qemu/1031/status/stop").status()).isEqualTo(403);
  }

  @Test
  void aPoolsRights_reachItsGuests() {
    operator.post("/access/users", "userid", "ops@pve");
    operator.put("/access/acl", "path", "/pool/lab", "users", "ops@pve", "roles", "PVEVMAdmin");
    String secret =
        (String)
            operator.post("/access/users/ops@pve/token/bot", "privsep", "0").map().get("value");
    Caller bot = bearing("ops@pve!bot=" + secret);
    assertThat(
            bot.post("/nodes/pve01/qemu", "vmid", "500", "pool", "lab", "name", "in-pool").status())
        .isEqualTo(200);
    assertThat(bot.post("/nodes/pve01/qemu", "vmid", "501", "name", "outside").reason())
        .isEqualTo("Permission check failed");
    assertThat(bot.post("/nodes/pve01/qemu", "vmid", "501", "pool", "none").reason())
        .isEqualTo("Permission check failed (pool 'none' does not exist)");
  }

  @Test
  void rootOnlyOptions_areRefusedToTokens() {
    Caller.Answer answer = operator.post("/nodes/pve03/qemu/1033/status/start", "skiplock", "1");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.errors().get("skiplock")).isEqualTo("Only root may use this option.");
  }

  @Test
  void theAgentsPrivilege_dependsOnTheRelease() {
    assertThat(Caller.of(lab, "powerless").post("/nodes/pve01/qemu/1031/agent/ping").reason())
        .isEqualTo(
            "Permission check failed (/vms/1031, VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted)");
    try (Lab old = Lab.start(LabConfig.isolated().withVersion(PveVersion.V8_4))) {
      assertThat(Caller.of(old, "powerless").post("/nodes/pve01/qemu/1031/agent/ping").reason())
          .isEqualTo("Permission check failed (/vms/1031, VM.Monitor)");
    }
  }
}
