package dev.pvebot.integrations.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.integrations.lab.config.LabConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that were written for a real Proxmox VE, and know nothing of the lab, do their work on
/// it.
class ThirdPartyClientsTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void start() {
    lab = Lab.start(LabConfig.isolated().withSpeed(200).withSshPort(2222));
  }

  @AfterEach
  void stop() {
    lab.close();
    assertThat(lab.defects()).isEmpty();
  }

  @Test
  void proxmoxer_clonesConfiguresStartsMigratesStopsAndDeletes() throws Exception {
    Path script = copied("proxmoxer_drives_the_lab.py");
    assertThat(output(python().toString(), script.toString())).contains("proxmoxer is content");
  }

  @Test
  void ansible_clonesConfiguresStartsStopsAndDeletes() throws Exception {
    Path playbook = copied("ansible_drives_the_lab.yaml");
    output(
        python().resolveSibling("ansible-playbook").toString(),
        "-i",
        "localhost,",
        "-e",
        "ansible_python_interpreter=" + python(),
        playbook.toString());
    assertThat(lab.ledger().effects().stream().filter(e -> e.vmid() == 760).map(e -> e.what()))
        .containsSubsequence("cloned", "config", "started", "shut-down", "deleted");
  }

  /// A Python with the clients. On a fresh machine the script that brings them is run first.
  private static Path python() throws IOException, InterruptedException {
    Optional<Path> given = Optional.ofNullable(System.getenv("PVEBOT_TEST_PYTHON")).map(Path::of);
    if (given.isPresent()) {
      return given.get();
    }
    Path root = Path.of(System.getProperty("pvebot.root", ".")).toAbsolutePath();
    Process script =
        new ProcessBuilder(root.resolve("build/test-clients").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor())
        .as(
            "build/test-clients could not bring proxmoxer and Ansible (needs python3-venv and the"
                + " Python package index): %s",
            said)
        .isZero();
    return root.resolve(".venv-test/bin/python");
  }

  private Path copied(String resource) throws IOException {
    Path copy = folder.resolve(resource);
    try (InputStream from = ThirdPartyClientsTest.class.getResourceAsStream(resource)) {
      assertThat(from).isNotNull();
      Files.write(copy, from.readAllBytes());
    }
    return copy;
  }

  private String output(String... command) throws IOException, InterruptedException {
    Path ca = Files.writeString(folder.resolve("ca.pem"), lab.caPem());
    Path log = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    URI api = lab.endpoint();
    builder
        .environment()
        .putAll(
            Map.of(
                "LAB_HOST", api.getHost(),
                "LAB_PORT", String.valueOf(api.getPort()),
                "LAB_CA", ca.toString(),
                "LAB_TOKEN", lab.token("operator"),
                "LAB_ROOT", lab.rootPassword(),
                "REQUESTS_CA_BUNDLE", ca.toString(),
                "HOME", folder.toString(),
                "ANSIBLE_HOME", folder.resolve("ansible").toString(),
                "ANSIBLE_LOCALHOST_WARNING", "false",
                "LC_ALL", "C.UTF-8"));
    Process process = builder.start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    String text = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(ended).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
