package dev.pvebot.integrations.lab.talos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.pvebot.integrations.lab.talos.proto.common.Data;
import dev.pvebot.integrations.lab.talos.proto.machine.GenerateClientConfiguration;
import dev.pvebot.integrations.lab.talos.proto.machine.GenerateClientConfigurationRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.GenerateClientConfigurationResponse;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// What lets a client in: kubeconfig and talosconfig, made on a control plane.
final class AccessCalls {
  private static final int TAR_BLOCK = 512;

  /// A tar.gz of one file; as from Talos, nothing follows the file's last byte.
  Data kubeconfig(TalosMachine machine) {
    MachineConfig config = machine.config().orElseThrow();
    Authority authority = Papers.kubernetes(machine);
    Authority.Issued admin =
        authority.issue(
            "CN=admin,O=system:masters", List.of(), Authority.Use.CLIENT, Duration.ofDays(365));
    String name = config.clusterName();
    String text =
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: %1$s
          cluster:
            server: %2$s
            certificate-authority-data: %3$s
        users:
        - name: admin@%1$s
          user:
            client-certificate-data: %4$s
            client-key-data: %5$s
        contexts:
        - context:
            cluster: %1$s
            namespace: default
            user: admin@%1$s
          name: admin@%1$s
        current-context: admin@%1$s
        """
            .formatted(
                name,
                config.endpoint(),
                base64(authority.pem()),
                base64(admin.certificatePem()),
                base64(admin.keyPem()));
    return Data.newBuilder().setBytes(ByteString.copyFrom(tarGz(text.getBytes(UTF_8)))).build();
  }

  private static byte[] tarGz(byte[] content) {
    byte[] header = new byte[TAR_BLOCK];
    put(header, 0, "kubeconfig");
    put(header, 100, "0000600\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, "%011o\0".formatted(content.length));
    put(header, 136, "%011o\0".formatted(0));
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(header);
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("Compressing in memory", e);
    }
    return bytes.toByteArray();
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  GenerateClientConfigurationResponse client(
      TalosMachine machine, GenerateClientConfigurationRequest request) {
    long seconds = request.getCrtTtl().getSeconds();
    if (seconds <= 0) {
      throw Answers.error(Status.INVALID_ARGUMENT, "certificate TTL should be positive");
    }
    MachineConfig config = machine.config().orElseThrow();
    Authority authority;
    try {
      authority = Authority.parse(config.caPem().orElseThrow(), config.caKeyPem().orElseThrow());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The authority of " + machine.hostname(), e);
    }
    String subject =
        String.join(",", request.getRolesList().stream().map(role -> "O=" + role).toList());
    Authority.Issued issued =
        authority.issue(subject, List.of(), Authority.Use.CLIENT, Duration.ofSeconds(seconds));
    String talosconfig =
        """
        context: %1$s
        contexts:
            %1$s:
                endpoints: [%2$s]
                ca: %3$s
                crt: %4$s
                key: %5$s
        """
            .formatted(
                config.clusterName(),
                machine.address().orElse(""),
                base64(authority.pem()),
                base64(issued.certificatePem()),
                base64(issued.keyPem()));
    return GenerateClientConfigurationResponse.newBuilder()
        .addMessages(
            GenerateClientConfiguration.newBuilder()
                .setCa(ByteString.copyFromUtf8(authority.pem()))
                .setCrt(ByteString.copyFromUtf8(issued.certificatePem()))
                .setKey(ByteString.copyFromUtf8(issued.keyPem()))
                .setTalosconfig(ByteString.copyFromUtf8(talosconfig)))
        .build();
  }
}
