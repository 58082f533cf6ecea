package dev.pvebot.integrations.lab.factory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.time.LabClock;
import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Reply;
import dev.pvebot.integrations.lab.wire.Request;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The factory's answers; the ids are those of the image factory's own tests.
final class ImageFactoryTest {
  private final ImageFactory factory =
      new ImageFactory(LabClock.stepped(Instant.EPOCH), new Ledger(Optional.empty()), new Faults());

  private Reply call(String method, String path, String body) {
    return factory.answer(
        new Request(method, path, "", Map.of(), body.getBytes(UTF_8), Optional.empty()));
  }

  private static String body(Reply reply) {
    return new String(reply.body(), UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "customization: {}" + "|376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba",
        "customization: {extraKernelArgs: [noapic, nolapic]}"
            + "|9cba8e32753f91a16c1837ab8abf356af021706ef284aef07380780177d9a06c",
        "customization: {systemExtensions: {officialExtensions: [siderolabs/qemu-guest-agent]}}"
            + "|ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515",
        "customization: {meta: [{key: 10, value: foo}]}"
            + "|d308a2a5ee2277bed5fbaa104fcbc8d59122abfa737df987a95b4ca763459a7f",
        "customization: {secureboot: {includeWellKnownCertificates: true}}"
            + "|fa8e05f142a851d3ee568eb0a8e5841eaf6b0ebc8df9a63df16ac5ed2c04f3e6",
        "customization: {diskImage: {sectorSize: 4096}}"
            + "|92833e9ddd9bb9e11b2464fa5525429f01866306d52ebd882ee08d7918f6d1ea",
      })
  void theIdOfASchematic_isTheFactorys(String yaml, String id) {
    Reply reply = call("POST", "/schematics", yaml);

    assertThat(reply.status()).isEqualTo(201);
    assertThat(Json.parseObject(body(reply))).containsEntry("id", id);
    assertThat(call("GET", "/schematics/" + id, "").status()).isEqualTo(200);
  }

  @Test
  void anUnknownField_isRefused() {
    Reply reply = call("POST", "/schematics", "customization: {extensions: [a]}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(body(reply)).contains("field extensions not found");
  }

  @Test
  void anUnknownExtension_isTakenWithTheSchematic_andRefusedWithTheImage() {
    Reply posted =
        call(
            "POST",
            "/schematics",
            "customization: {systemExtensions: {officialExtensions: [siderolabs/nothing]}}");
    Object id = Json.parseObject(body(posted)).getOrDefault("id", "");

    Reply image = call("GET", "/image/" + id + "/v1.12.4/nocloud-amd64.qcow2", "");

    assertThat(image.status()).isEqualTo(400);
    assertThat(body(image))
        .contains(
            "official extension \"siderolabs/nothing\" is not available for Talos version v1.12.4");
  }

  @Test
  void releasesAndTheirExtensions_areListed_andOthersAreNot() {
    assertThat(body(call("GET", "/versions", ""))).contains("v1.12.4");
    assertThat(body(call("GET", "/version/v1.12.4/extensions/official", "")))
        .contains("siderolabs/iscsi-tools");
    assertThat(call("GET", "/version/v1.12.77/extensions/official", "").status()).isEqualTo(404);
    assertThat(call("GET", "/version/newest/extensions/official", "").status()).isEqualTo(500);
  }
}
