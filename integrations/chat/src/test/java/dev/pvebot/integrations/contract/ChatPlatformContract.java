package dev.pvebot.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Card.Tone;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Message;
import dev.pvebot.commands.chat.Speaker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the bot may rely on, whatever the platform.
public abstract class ChatPlatformContract {
  private final RecordingInbox inbox = new RecordingInbox();
  private ChatStage stage;

  /// A platform of its own for each test.
  protected abstract ChatStage stage();

  @BeforeEach
  void start() {
    stage = stage();
    stage.platform().start(inbox);
  }

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void said_isHeardWithSpeakerAndPlace() {
    stage.say(stage.channel(), "status staging");
    Message heard = heard(1).getLast();
    assertThat(heard.content()).isEqualTo(new Message.Text("status staging"));
    assertThat(heard.addressed()).isTrue();
    assertThat(heard.where()).isEqualTo(stage.channel());
    assertThat(heard.speaker().platform()).isEqualTo(stage.platform().name());
    assertThat(heard.speaker().id()).isEqualTo(stage.member());
    assertThat(heard.speaker().standing()).isEqualTo(Speaker.Standing.MEMBER);
  }

  @Test
  void saidTwice_isTwoMessages() {
    stage.say(stage.channel(), "status staging");
    heard(1);
    stage.say(stage.channel(), "status staging");
    assertThat(heard(2)).extracting(Message::id).doesNotHaveDuplicates();
  }

  @Test
  void saidInAThread_isHeardInThatThread() {
    Posted head = stage.platform().open(stage.channel(), "op-42", plan());
    stage.say(head.thread(), "pause 42");
    assertThat(heard(1).getLast().where()).isEqualTo(head.thread());
  }

  @Test
  void everyBlock_isReadable() {
    Posted posted = stage.platform().post(stage.channel(), everything());
    assertThat(posted.where()).isEqualTo(stage.channel());
    await()
        .untilAsserted(() ->
            assertThat(stage.read(posted))
                .contains("talos-staging", "a sentence", "etcd", "3 members", "look here first")
                .contains("1031", "web01", "running", "VM 1051 ts01", "Provision", "2:48")
                .contains("migration aborted", "Confirm"));
  }

  @Test
  void open_beginsAThreadThatPostGoesInto() {
    Posted head = stage.platform().open(stage.channel(), "op-42", plan());
    stage.platform().post(head.thread(), line("machines are up"));
    await()
        .untilAsserted(
            () -> assertThat(stage.readThread(head.thread())).contains("machines are up"));
    assertThat(stage.read(head)).contains("Plan 42");
  }

  @Test
  void openInAThread_staysThere() {
    Posted head = stage.platform().open(stage.channel(), "op-42", plan());
    Posted inner = stage.platform().open(head.thread(), "op-43", line("Plan 43 · stop 1031"));
    assertThat(inner.thread()).isEqualTo(head.thread());
    await().untilAsserted(() -> assertThat(stage.readThread(head.thread())).contains("Plan 43"));
  }

  @Test
  void edits_endWithTheNewest() {
    Posted head = stage.platform().open(stage.channel(), "op-42", progress(0));
    for (int percent = 1; percent <= 99; percent++) {
      stage.platform().edit(head, progress(percent));
    }
    stage.platform().edit(head, Card.of("result", Tone.GOOD, "Operation 42 · done in 5:57", ""));
    await().untilAsserted(() -> assertThat(stage.read(head)).contains("done in 5:57"));
  }

  @Test
  void press_saysTheButtonsCommand() {
    Posted posted = stage.platform().open(stage.channel(), "op-42", plan());
    stage.press(posted, "Confirm");
    Message heard = heard(1).getLast();
    assertThat(heard.content()).isEqualTo(new Message.Press("approve 42 7c1e90", Optional.empty()));
    assertThat(heard.speaker().id()).isEqualTo(stage.member());
    assertThat(heard.where().channel()).isEqualTo(stage.channel().channel());
  }

  @Test
  void pressOfAForm_saysTheAnswerToo() {
    Posted posted = stage.platform().open(stage.channel(), "op-57", danger());
    stage.fill(posted, "Type the name…", "talos-production");
    assertThat(heard(1).getLast().content())
        .isEqualTo(new Message.Press("approve 57 b81f22", Optional.of("talos-production")));
  }

  @Test
  void editWithoutButtons_leavesNothingToPress() {
    Posted posted = stage.platform().open(stage.channel(), "op-42", plan());
    stage
        .platform()
        .edit(posted, Card.of("result", Tone.WARNING, "Plan 42 denied by carol at 16:51", ""));
    await()
        .untilAsserted(() -> assertThat(stage.read(posted)).contains("denied by carol at 16:51"));
  }

  @Test
  void whisper_isReadByThePersonOnly() {
    Posted head = stage.platform().open(stage.channel(), "op-42", plan());
    stage.platform().whisper(head.thread(), stage.member(), line("someone else must approve"));
    await()
        .untilAsserted(
            () -> assertThat(stage.readWhispers()).contains("someone else must approve"));
    assertThat(stage.readThread(head.thread())).doesNotContain("someone else must approve");
  }

  @Test
  void whatIsTooLargeForThePlatform_isShownAllTheSame() {
    Card huge =
        new Card(
            "progress",
            Tone.WARNING,
            "Operation 42 · " + "very ".repeat(200) + "long",
            List.of(
                new Card.Text("word ".repeat(4_000)),
                new Card.Steps(
                    IntStream.range(0, 200)
                        .mapToObj(i -> new Card.StepLine("..", "step " + i, "0:01", "n".repeat(90)))
                        .toList()),
                new Card.Table(
                    List.of("VMID", "Name"),
                    IntStream.range(0, 300)
                        .mapToObj(i -> List.of(Integer.toString(1_000 + i), "vm-" + i))
                        .toList()),
                new Card.Literal(
                    IntStream.range(0, 3_000)
                        .mapToObj(i -> "line " + i)
                        .collect(Collectors.joining("\n"))),
                new Card.Text("the last word")),
            IntStream.range(0, 40).mapToObj(i -> Button.plain("Do " + i, "do " + i)).toList(),
            Map.of());
    Posted posted = stage.platform().post(stage.channel(), huge);
    await()
        .untilAsserted(() ->
            assertThat(stage.read(posted)).contains("Operation 42", "step 0", "1000", "line 2999"));
  }

  @Test
  void foreignText_staysTextAndPingsNobody() {
    List<String> names =
        List.of(
            "<!channel>",
            "@everyone",
            "<@U012ALICE>",
            "<@&123456789>",
            "*bold*",
            "`code`",
            "~~~",
            "&amp;",
            "[a](https://example.net)");
    Card hostile =
        new Card(
            "answer",
            Tone.NEUTRAL,
            String.join(" ", names),
            List.of(
                new Card.Text(String.join(" ", names)),
                new Card.Fields(names.stream().map(n -> new Card.Field(n, n)).toList()),
                new Card.Table(names, List.of(names)),
                new Card.Effects(names.stream().map(n -> new Card.EffectLine('~', n)).toList()),
                new Card.Steps(
                    names.stream().map(n -> new Card.StepLine("ok", n, "0:01", n)).toList()),
                new Card.Literal("```\n" + String.join("\n", names))),
            List.of(),
            Map.of());
    Posted posted = stage.platform().post(stage.channel(), hostile);
    stage.platform().edit(posted, hostile);
    await().untilAsserted(() -> assertThat(stage.read(posted)).contains(names));
    assertThat(stage.pings()).isZero();
  }

  @Test
  void health_saysWhetherThereIsAConnection() {
    await().untilAsserted(() -> assertThat(stage.platform().health().connectedSince()).isPresent());
    assertThat(inbox.connections()).isEqualTo(1);
  }

  private List<Message> heard(int count) {
    await().untilAsserted(() -> assertThat(inbox.heard()).hasSizeGreaterThanOrEqualTo(count));
    assertThat(inbox.heard()).hasSize(count);
    return inbox.heard();
  }

  private static Card line(String text) {
    return Card.of("notice", Tone.NEUTRAL, text, "");
  }

  private static Card plan() {
    return new Card(
        "plan",
        Tone.NEUTRAL,
        "Plan 42 · create talos-staging",
        List.of(
            new Card.Effects(
                List.of(new Card.EffectLine('+', "VM 1051 ts01 on pve01, clone of 101 (full)")))),
        List.of(
            Button.primary("Confirm", "approve 42 7c1e90"), Button.plain("Cancel", "cancel 42")),
        Map.of("operation", 42L));
  }

  private static Card danger() {
    return new Card(
        "plan",
        Tone.WARNING,
        "Plan 57 · tear down talos-production",
        List.of(),
        List.of(
            new Button(
                "Type the name…",
                "approve 57 b81f22",
                Button.Style.DANGER,
                Optional.of("Type talos-production to go on"))),
        Map.of("operation", 57L));
  }

  private static Card progress(int percent) {
    return new Card(
        "progress",
        Tone.NEUTRAL,
        "Operation 42 · create talos-staging · running",
        List.of(
            new Card.Steps(
                List.of(new Card.StepLine("..", "1 Provision", "0:23", percent + " %")))),
        List.of(Button.plain("Cancel", "cancel 42")),
        Map.of("operation", 42L));
  }

  private static Card everything() {
    return new Card(
        "answer",
        Tone.WARNING,
        "talos-staging  DEGRADED",
        List.of(
            new Card.Text("a sentence"),
            new Card.Fields(
                List.of(
                    new Card.Field("etcd", "3 members", Optional.of("<- look here first")),
                    new Card.Field("VMs", "3 of 3 running"))),
            new Card.Table(
                List.of("VMID", "Name", "State"), List.of(List.of("1031", "web01", "running"))),
            new Card.Effects(List.of(new Card.EffectLine('+', "VM 1051 ts01"))),
            new Card.Steps(List.of(new Card.StepLine("ok", "2 Provision", "2:48", "3 of 3"))),
            new Card.Literal("ERROR: migration aborted")),
        List.of(Button.primary("Confirm", "approve 42 7c1e90")),
        Map.of());
  }
}
