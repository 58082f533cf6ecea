package dev.pvebot.bot.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pvebot.bot.demo.ServeProcess;
import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.local.LocalClient;
import dev.pvebot.bot.local.WireJson;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.lab.faults.TaskFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole program with a canary in every credential, while everything goes wrong that could make
/// it sing: it is looked for in all that the program leaves behind.
@Execution(ExecutionMode.CONCURRENT)
class CanaryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// What may hold the canary: where it lives, and the lab's own files.
  private static final Set<String> ITS_HOME = Set.of("secrets", "password-store", "ledger.jsonl");

  @TempDir Path folder;
  private final ObjectMapper json = WireJson.mapper();
  private final StringBuilder heard = new StringBuilder();
  private Lab lab;
  private Optional<Process> serve = Optional.empty();

  @BeforeEach
  void start() {
    lab = LabServer.start(LabConfig.isolated(), folder);
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (serve.isPresent()) {
      serve.get().destroyForcibly().waitFor();
    }
    lab.close();
  }

  private String token() {
    return lab.token("operator");
  }

  private String canary() {
    return token().replaceFirst(".*=", "");
  }

  private void point(String key, String reference) throws IOException {
    Path config = folder.resolve("pvebot.yaml");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("file:secrets/pve-token", reference)
            .replace("store: {url: \"jdbc:sqlite:pvebot.db\"}", key));
  }

  private Process launch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(ServeProcess.ownJava());
    command.addAll(List.of(arguments));
    command.addAll(List.of("--config", folder.resolve("pvebot.yaml").toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("output.log").toFile()));
    builder.environment().put("PVEBOT_LOG", "TRACE");
    builder.environment().put("PVEBOT_TEST_TOKEN", token());
    builder.environment().put("PVEBOT_TEST_PASSWORD", canary());
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    return builder.start();
  }

  private int say(String text) throws IOException {
    Call call = new Call("say", text, Optional.of("alice"), "infra", Optional.empty(), true);
    return call(call);
  }

  private int call(Call call) throws IOException {
    return new LocalClient(folder.resolve("pvebot.sock"), json)
        .call(
            call,
            answer -> {
              try {
                heard.append(json.writeValueAsString(answer)).append('\n');
                if (answer instanceof Answer.Shown shown) {
                  heard.append(shown.card()).append('\n');
                }
              } catch (IOException defect) {
                throw new IllegalStateException(defect);
              }
            })
        .orElse(-1);
  }

  private void awaitReady(Process process) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          assertThat(process.isAlive()).as("serve: %s", output()).isTrue();
          return call(new Call("ping", "", Optional.empty(), "x", Optional.empty(), false)) == 0;
        });
  }

  private String output() throws IOException {
    Path log = folder.resolve("output.log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /// The forms in which an echo comes back.
  private List<String> needles() {
    return List.of(
        canary(),
        canary().toUpperCase(java.util.Locale.ROOT),
        Base64.getEncoder().encodeToString(canary().getBytes(StandardCharsets.UTF_8)));
  }

  private void assertSilence() throws IOException {
    for (String needle : needles()) {
      assertThat(heard).as("cards and their JSON").doesNotContain(needle);
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (ITS_HOME.contains(folder.relativize(file).getName(0).toString())) {
            continue;
          }
          String raw = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          assertThat(raw.contains(needle)).as("the canary in %s", file).isFalse();
        }
      }
    }
  }

  private void assertNotInArguments(ProcessHandle process) throws IOException {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process);
    for (ProcessHandle each : all) {
      Path arguments = Path.of("/proc", Long.toString(each.pid()), "cmdline");
      if (Files.exists(arguments)) {
        assertThat(Files.readString(arguments)).doesNotContain(canary());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:secrets/pve-token", "env:PVEBOT_TEST_TOKEN", "pass:lab/token"})
  void canary_isFoundNowhere_whateverFails(String reference) throws Exception {
    fakePass();
    point("store: {url: \"jdbc:sqlite:pvebot.db\"}", reference);
    Process process = launch("serve");
    serve = Optional.of(process);
    awaitReady(process);

    String echo = "proxy: cannot forward Authorization: PVEAPIToken=" + token();
    assertThat(say("status staging")).isZero();

    lab.faults().arm(Matcher.once("POST", "/status/start$"), new Fault.Status(500, echo));
    say("start 1033");
    say("retry 1");
    lab.faults().armTask("qmsnapshot", "", 1, new TaskFault.Fail("hook said: " + echo));
    say("snapshot 1031 called before-canary");
    lab.faults().arm(Matcher.always("GET", "").times(30), new Fault.Status(500, echo));
    say("node list");
    lab.faults().disarmAll();
    lab.faults().arm(Matcher.always("GET", "").times(6), new Fault.Expired());
    say("vm list");
    lab.faults().disarmAll();
    lab.faults().arm(Matcher.always("GET", "").times(6), new Fault.Html());
    say("check the api");
    lab.faults().disarmAll();

    say("hold because the token " + token() + " leaked");
    say("hold off");
    say("tag 1031 with " + canary());
    say("the password is " + canary());
    say("spin up staging");
    say("deny 3 " + canary());
    say("op list");
    say("op show 1");
    call(new Call("audit-export", "", Optional.empty(), "x", Optional.empty(), false));
    assertNotInArguments(process.toHandle());
    process.destroy();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();

    assertThat(heard).as("the redactor had work").contains("***");
    assertThat(output()).as("the log is talkative").contains("PveCaller");
    assertThat(folder.resolve("pvebot.db")).isNotEmptyFile();
    assertSilence();
  }

  @Test
  void passwordOfTheStore_isNotToldByWhatCannotConnect() throws Exception {
    // port 1 refuses: the driver's own complaint is what is printed
    point(
        "store: {url: \"jdbc:postgresql://127.0.0.1:1/pvebot\", user: pvebot, password:"
            + " \"env:PVEBOT_TEST_PASSWORD\"}",
        "file:secrets/pve-token");
    for (String command : List.of("serve", "check")) {
      Process process = launch(command);
      serve = Optional.of(process);
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
    }
    assertThat(output()).contains("127.0.0.1:1");
    assertSilence();
  }

  /// A store that hands out the token, so that this test needs no key of its own; `PassStoreTest`
  /// speaks with the real one.
  private void fakePass() throws IOException {
    Path store = Files.createDirectories(folder.resolve("password-store")).resolve("token");
    Files.writeString(store, token() + "\n");
    Path program = Files.createDirectories(folder.resolve("bin")).resolve("pass");
    Files.writeString(program, "#!/bin/sh\nexec cat '%s'\n".formatted(store));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }
}
