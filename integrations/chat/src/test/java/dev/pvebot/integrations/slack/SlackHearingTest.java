package dev.pvebot.integrations.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Card.Tone;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Message;
import dev.pvebot.commands.chat.Speaker.Standing;
import dev.pvebot.integrations.contract.RecordingInbox;
import dev.pvebot.integrations.lab.slack.Delivery;
import dev.pvebot.integrations.lab.slack.SlackLab;
import dev.pvebot.integrations.lab.slack.SlackUser;
import dev.pvebot.runbooks.engine.EngineClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What reaches the bot from Slack, and what does not.
class SlackHearingTest {
  private final RecordingInbox inbox = new RecordingInbox();
  private final SlackStage stage = new SlackStage(EngineClock.system());
  private final SlackLab slack = stage.slack;

  @BeforeEach
  void start() {
    stage.platform().start(inbox);
    await().until(() -> slack.connections() == 1);
  }

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void work_beginsAfterTheAcknowledgement() throws Exception {
    CountDownLatch acknowledged = new CountDownLatch(1);
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    inbox.answerWith(_ -> {
      try {
        seen.complete(acknowledged.await(20, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    Delivery command = slack.command(SlackStage.ALICE, "C00INFRA", "status staging");
    command.acknowledged().get(20, TimeUnit.SECONDS);
    acknowledged.countDown();
    assertThat(seen.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void acknowledgement_showsTheCommandToTheChannel() throws Exception {
    Delivery command = slack.command(SlackStage.ALICE, "C00INFRA", "status staging");
    assertThat(command.acknowledged().get(20, TimeUnit.SECONDS))
        .hasValueSatisfying(
            payload -> assertThat(payload).containsEntry("response_type", "in_channel"));
  }

  @Test
  void slashCommandAlone_asksForHelp() {
    slack.command(SlackStage.ALICE, "C00INFRA", "");
    assertThat(heard(1).getFirst().content()).isEqualTo(new Message.Text("help"));
  }

  @Test
  void directMessage_isAddressed() {
    slack.direct(SlackStage.ALICE, "start 1031 & tell me <now>");
    Message message = heard(1).getFirst();
    assertThat(message.addressed()).isTrue();
    assertThat(message.content()).isEqualTo(new Message.Text("start 1031 & tell me <now>"));
    assertThat(message.where().channel()).startsWith("D");
  }

  @Test
  void messageOfAChannel_isNotAddressed() {
    slack.overheard(SlackStage.ALICE, "C00INFRA", "should we stop 1031?");
    assertThat(heard(1).getFirst().addressed()).isFalse();
  }

  @Test
  void bots_areNotHeardAtAll() {
    slack.command(SlackStage.ROBOT, "C00INFRA", "stop 1031");
    slack.direct(SlackStage.ROBOT, "stop 1031");
    slack.command(SlackStage.ALICE, "C00INFRA", "status");
    assertThat(heard(1)).extracting(m -> m.speaker().id()).containsExactly(SlackStage.ALICE);
  }

  @Test
  void standing_isSlacksOwnWordForIt() {
    assertThat(standing(SlackStage.BOB)).isEqualTo(Standing.MEMBER);
    assertThat(standing(SlackStage.GUEST)).isEqualTo(Standing.GUEST);
    assertThat(standing(SlackStage.STRANGER)).isEqualTo(Standing.STRANGER);
    assertThat(standing(SlackStage.OTHER_TEAM)).isEqualTo(Standing.STRANGER);
  }

  @Test
  void standing_thatCannotBeAsked_isUnknown() {
    slack.tooMany("users.info", 1, Duration.ofSeconds(30));
    assertThat(standing(SlackStage.BOB)).isEqualTo(Standing.UNKNOWN);
    assertThat(standing(SlackStage.BOB)).isEqualTo(Standing.MEMBER);
  }

  @Test
  void standing_changesWithTheAccount() throws Exception {
    assertThat(standing(SlackStage.BOB)).isEqualTo(Standing.MEMBER);
    slack
        .change(new SlackUser(SlackStage.BOB, "bob", SlackLab.TEAM, SlackUser.Kind.GUEST))
        .acknowledged()
        .get(20, TimeUnit.SECONDS);
    assertThat(standing(SlackStage.BOB)).isEqualTo(Standing.GUEST);
  }

  @Test
  void eventThatComesTwice_isOneMessage() {
    slack.sendEachTimes(3);
    slack.mention(SlackStage.ALICE, "C00INFRA", Optional.empty(), "status staging");
    slack.direct(SlackStage.BOB, "status production");
    await().until(() -> inbox.heard().size() == 2 && slack.unacknowledged() == 0);
    assertThat(inbox.heard()).hasSize(2);
  }

  @Test
  void eventThatWasNotAcknowledged_comesAgainAndIsHeard() {
    slack.cut();
    slack.direct(SlackStage.ALICE, "status staging");
    assertThat(heard(1).getFirst().content()).isEqualTo(new Message.Text("status staging"));
  }

  @Test
  void press_inAThreadStaysInTheThread_andOnAHeadCardGoesBelowIt() {
    Posted head = stage.platform().open(SlackStage.INFRA, "op-42", withButton());
    Posted line = stage.platform().post(head.thread(), withButton());
    stage.press(head, "Cancel");
    assertThat(heard(1).getLast().where()).isEqualTo(head.thread());
    stage.press(line, "Cancel");
    assertThat(heard(2).getLast().where()).isEqualTo(head.thread());
  }

  @Test
  void form_opensWithinTheLifeOfItsTrigger_andWithTheStoreAway() {
    // the inbox blocks for ever: opening a form may not need it
    inbox.answerWith(_ -> new CompletableFuture<Void>().join());
    slack.command(SlackStage.BOB, "C00INFRA", "status");
    Posted head = stage.platform().open(SlackStage.INFRA, "op-57", withForm());
    stage.press(head, "Type the name…");
    await().atMost(Duration.ofSeconds(20)).until(() -> slack.hasForm(SlackStage.ALICE));
    assertThat(slack.refused()).isEmpty();
  }

  @Test
  void homePage_showsWhatTheInboxHasForThePerson() {
    inbox.homeOf(
        SlackStage.ALICE,
        List.of(Card.of("answer", Tone.NEUTRAL, "Waits for you: plan 57", "tear down staging")));
    slack.openHome(SlackStage.ALICE);
    await()
        .untilAsserted(() ->
            assertThat(slack.home(SlackStage.ALICE))
                .contains("Waits for you: plan 57", "tear down staging"));
  }

  @Test
  void storm_of500MessagesInWrongOrderAndTwice_isHeardOnceEach() {
    slack.sendEachTimes(2);
    slack.hold();
    IntStream.range(0, 250)
        .forEach(i -> {
          slack.direct(SlackStage.ALICE, "vm show " + i);
          slack.command(SlackStage.BOB, "C00INFRA", "vm show " + (1_000 + i));
        });
    slack.releaseInWrongOrder();
    await().atMost(Duration.ofSeconds(60)).until(() -> inbox.heard().size() >= 500);
    await().until(() -> slack.unacknowledged() == 0);
    assertThat(inbox.heard()).hasSize(500);
    assertThat(inbox.heard()).extracting(Message::content).doesNotHaveDuplicates();
  }

  private Standing standing(String user) {
    int before = inbox.heard().size();
    slack.command(user, "C00INFRA", "status");
    return heard(before + 1).getLast().speaker().standing();
  }

  private List<Message> heard(int count) {
    await().until(() -> inbox.heard().size() >= count);
    return inbox.heard();
  }

  private static Card withButton() {
    return new Card(
        "plan",
        Tone.NEUTRAL,
        "Plan 42",
        List.of(),
        List.of(dev.pvebot.commands.chat.Button.plain("Cancel", "cancel 42")),
        Map.of());
  }

  private static Card withForm() {
    return new Card(
        "plan",
        Tone.WARNING,
        "Plan 57",
        List.of(),
        List.of(
            new dev.pvebot.commands.chat.Button(
                "Type the name…",
                "approve 57 b81f22",
                dev.pvebot.commands.chat.Button.Style.DANGER,
                Optional.of("Type talos-production to go on"))),
        Map.of());
  }
}
