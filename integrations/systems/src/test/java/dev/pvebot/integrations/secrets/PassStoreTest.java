package dev.pvebot.integrations.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.secret.SecretRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A real password store with a throw-away key.
class PassStoreTest {
  private static final String CANARY = "canary-0815/+secret=of the store";

  /// Short, because the path of gpg-agent's socket is limited to 107 bytes.
  private static Path home = Path.of("/tmp");

  private static Map<String, String> environment = Map.of();

  @BeforeAll
  static void makeStore() throws Exception {
    home =
        Files.createTempDirectory(
            Path.of("/tmp"),
            "pg",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Map<String, String> all = new HashMap<>();
    all.put("PATH", System.getenv("PATH"));
    all.put("HOME", home.toString());
    all.put("GNUPGHOME", home.toString());
    all.put("PASSWORD_STORE_DIR", home.resolve("store").toString());
    environment = Map.copyOf(all);
    run(
        "",
        "gpg",
        "--batch",
        "--quiet",
        "--passphrase",
        "",
        "--quick-generate-key",
        "pvebot-test@localhost",
        "default",
        "default",
        "never");
    run("", "pass", "init", "pvebot-test@localhost");
    run("pvebot@pve!bot\n" + CANARY + "\n", "pass", "insert", "--multiline", "site/pve/api-token");
  }

  @AfterAll
  static void removeStore() throws Exception {
    run("", "gpgconf", "--kill", "all");
    try (Stream<Path> files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).forEach(PassStoreTest::delete);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String input, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.redirectOutput(home.resolve("out.txt").toFile());
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(() -> read(home.resolve("out.txt"))).isZero();
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SecretResolver resolver(Map<String, String> environment, Redactor redactor) {
    return new SecretResolver(home, environment, Duration.ofSeconds(20), redactor);
  }

  @Test
  void entry_isRead_withAllItsLines() throws Exception {
    Redactor redactor = new Redactor();
    Secret secret =
        resolver(environment, redactor).resolve(new SecretRef.Pass("site/pve/api-token"));
    assertThat(secret.reveal()).isEqualTo("pvebot@pve!bot\n" + CANARY);
    assertThat(secret).hasToString("***");
    assertThat(redactor.redact("by pvebot@pve!bot with " + CANARY))
        .isEqualTo("by pvebot@pve!bot with ***");
  }

  @Test
  void noChildProcess_everHasTheValueInItsArgumentsOrEnvironment() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    Thread watcher =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (!done.get()) {
                ProcessHandle.current().descendants().forEach(child -> note(child.pid(), seen));
              }
            });
    Secret secret =
        resolver(environment, new Redactor()).resolve(new SecretRef.Pass("site/pve/api-token"));
    done.set(true);
    watcher.join();
    assertThat(secret.reveal()).contains(CANARY);
    assertThat(seen).anyMatch(line -> line.contains("site/pve/api-token"));
    assertThat(seen).noneMatch(line -> line.contains(CANARY));
  }

  private static void note(long pid, ConcurrentLinkedQueue<String> seen) {
    for (String file : List.of("cmdline", "environ")) {
      try {
        seen.add(
            Files.readString(Path.of("/proc/" + pid, file), StandardCharsets.ISO_8859_1)
                .replace('\0', ' '));
      } catch (IOException ended) {
        seen.add("ended: " + ended.getClass().getSimpleName());
      }
    }
  }

  @Test
  void missingEntry_saysHowToMakeIt() {
    assertThatThrownBy(
            () -> resolver(environment, new Redactor()).resolve(new SecretRef.Pass("site/nothing")))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessage(
            "pass:site/nothing: the password store has no such entry; pass insert --multiline"
                + " site/nothing");
  }

  @Test
  void withoutTheKey_saysSo_andNotTheValue() throws Exception {
    Path empty = Files.createTempDirectory(home, "k");
    Map<String, String> other = new HashMap<>(environment);
    other.put("GNUPGHOME", empty.toString());
    assertThatThrownBy(
            () -> resolver(other, new Redactor()).resolve(new SecretRef.Pass("site/pve/api-token")))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("gpg has no key that opens it")
        .hasMessageNotContaining("canary");
    environmentOf(empty);
  }

  /// Ends the agent that gpg started for the other home.
  private static void environmentOf(Path gnupgHome) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("gpgconf", "--kill", "all");
    builder.environment().put("GNUPGHOME", gnupgHome.toString());
    assertThat(builder.start().waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void passThatHangs_isGivenUp_andEndedWithItsChildren() throws Exception {
    Path bin = Files.createDirectories(home.resolve("bin"));
    Path pass =
        Files.writeString(
            bin.resolve("pass"), "#!/bin/sh\necho $$ > " + home + "/hung.pid\nsleep 600\n");
    Files.setPosixFilePermissions(pass, PosixFilePermissions.fromString("rwx------"));
    PassEntry entry =
        new PassEntry(
            new SecretRef.Pass("site/pve/api-token"),
            environment,
            Duration.ofMillis(500),
            pass.toString());
    assertThatThrownBy(entry::read)
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("it may be waiting for a passphrase");
    long pid = Long.parseLong(read(home.resolve("hung.pid")).strip());
    await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }
}
