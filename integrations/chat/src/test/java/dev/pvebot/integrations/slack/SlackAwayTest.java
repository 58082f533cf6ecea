package dev.pvebot.integrations.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Card.Tone;
import dev.pvebot.commands.chat.ChatPlatform.ChatUnavailable;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Message;
import dev.pvebot.integrations.contract.RecordingInbox;
import dev.pvebot.integrations.lab.slack.SlackLab;
import dev.pvebot.runbooks.engine.EngineClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Slack goes away, comes back, falls silent, sends us elsewhere, or wants us slower.
class SlackAwayTest {
  private final RecordingInbox inbox = new RecordingInbox();
  private final SlackStage stage = new SlackStage(EngineClock.system());
  private final SlackLab slack = stage.slack;

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void silentSocket_isNoticedAndReplaced() {
    start();
    slack.fallSilent();
    await().atMost(Duration.ofSeconds(30)).until(() -> slack.connections() == 1);
    assertHears("status staging");
    assertThat(inbox.connections()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void disconnectFrame_movesToANewSocket() {
    start();
    slack.disconnect("refresh_requested");
    await().atMost(Duration.ofSeconds(30)).until(() -> slack.connections() == 1);
    assertHears("status staging");
  }

  @Test
  void slackDown_healthSaysSo_andItComesBackByItself() throws Exception {
    start();
    slack.goDown();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(stage.platform().health().connectedSince()).isEmpty());
    assertThat(stage.platform().health().trouble()).isPresent();
    slack.comeUp();
    await().atMost(Duration.ofSeconds(60)).until(() -> slack.connections() == 1);
    assertHears("status staging");
  }

  @Test
  void slackDownAtTheStart_doesNotKeepTheBotFromStarting() throws Exception {
    slack.goDown();
    stage.platform().start(inbox);
    assertThat(stage.platform().health().connectedSince()).isEmpty();
    slack.comeUp();
    await().atMost(Duration.ofSeconds(60)).until(() -> slack.connections() == 1);
    assertHears("status staging");
  }

  @Test
  void editWhileSlackIsDown_isSeenWhenItIsBack_theNewestOnly() throws Exception {
    start();
    Posted head = stage.platform().post(SlackStage.INFRA, progress("1 of 3"));
    slack.goDown();
    stage.platform().edit(head, progress("2 of 3"));
    stage.platform().edit(head, progress("3 of 3"));
    slack.comeUp();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(slack.read("C00INFRA", head.id())).contains("3 of 3"));
    // one may have been under way when Slack came back
    assertThat(slack.edits(head.id())).hasSizeBetween(1, 2);
  }

  @Test
  void postWhileSlackIsDown_saysThatItDidNotArrive() {
    start();
    slack.goDown();
    assertThatThrownBy(() -> stage.platform().post(SlackStage.INFRA, progress("1 of 3")))
        .isInstanceOfSatisfying(
            ChatUnavailable.class,
            away -> assertThat(away.arrival()).isEqualTo(ChatUnavailable.Arrival.DID_NOT_ARRIVE));
  }

  @Test
  void tooManyPosts_waitAsLongAsSlackAsks_andArriveOnce() {
    start();
    slack.tooMany("chat.postMessage", 2, Duration.ofSeconds(1));
    Posted posted = stage.platform().post(SlackStage.INFRA, progress("1 of 3"));
    assertThat(slack.posted("C00INFRA")).containsExactly(posted.id());
  }

  @Test
  void channelWithoutTheBot_isNamedWithTheWayOut() {
    start();
    assertThatThrownBy(() ->
            stage
                .platform()
                .post(
                    new dev.pvebot.commands.chat.Conversation(
                        "slack", "C99NOWHERE", java.util.Optional.empty()),
                    progress("1 of 3")))
        .hasMessageContaining("channel_not_found")
        .hasMessageContaining("/invite @pvebot");
  }

  @Test
  void wrongToken_isSaidInHealth_withoutTheToken() {
    try (SlackPlatform wrong =
        new SlackPlatform(
            new SlackSettings(
                new Secret("xoxb-canary-7f3a"),
                new SlackSettings.SocketMode(new Secret(SlackLab.APP_TOKEN)),
                slack.api()),
            EngineClock.system())) {
      wrong.start(inbox);
      assertThat(wrong.health().trouble().orElseThrow())
          .contains("invalid_auth", "slack.bot_token")
          .doesNotContain("canary");
    }
  }

  @Test
  void twoReplicas_hearEachMessageOnce() {
    start();
    try (SlackPlatform second = stage.another(EngineClock.system())) {
      second.start(inbox);
      await().until(() -> slack.connections() == 2);
      for (int i = 0; i < 40; i++) {
        slack.direct(SlackStage.ALICE, "vm show " + i);
      }
      await().until(() -> inbox.heard().size() >= 40 && slack.unacknowledged() == 0);
      assertThat(inbox.heard()).hasSize(40);
    }
  }

  private void start() {
    stage.platform().start(inbox);
    await().until(() -> slack.connections() == 1);
  }

  private void assertHears(String text) {
    slack.direct(SlackStage.ALICE, text);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(inbox.heard())
                .extracting(Message::content)
                .contains(new Message.Text(text)));
  }

  private static Card progress(String note) {
    return new Card(
        "progress",
        Tone.NEUTRAL,
        "Operation 42",
        List.of(new Card.Steps(List.of(new Card.StepLine("..", "Provision", "0:23", note)))),
        List.of(),
        Map.of());
  }
}
