package dev.pvebot.integrations.slack;

import static org.awaitility.Awaitility.await;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.integrations.contract.ChatStage;
import dev.pvebot.integrations.lab.slack.SlackLab;
import dev.pvebot.integrations.lab.slack.SlackUser;
import dev.pvebot.runbooks.engine.EngineClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/// The adapter against a Slack of its own: `#infra`, with alice, bob, a guest, a stranger and a
/// bot.
final class SlackStage implements ChatStage {
  static final String ALICE = "U0000ALICE";
  static final String BOB = "U0000BOB";
  static final String GUEST = "U0000GUEST";
  static final String STRANGER = "U0000STRANGER";
  static final String OTHER_TEAM = "U0000ELSEWHERE";
  static final String ROBOT = "U0000ROBOT";
  static final Conversation INFRA = new Conversation("slack", "C00INFRA", Optional.empty());

  final SlackLab slack;
  final SlackPlatform platform;

  SlackStage(EngineClock clock) {
    try {
      slack = SlackLab.start(clock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    slack
        .with(SlackUser.member(ALICE, "alice"))
        .with(SlackUser.member(BOB, "bob"))
        .with(new SlackUser(GUEST, "gus", SlackLab.TEAM, SlackUser.Kind.GUEST))
        .with(new SlackUser(STRANGER, "sam", "T99OTHER", SlackUser.Kind.STRANGER))
        .with(new SlackUser(OTHER_TEAM, "eve", "T99OTHER", SlackUser.Kind.MEMBER))
        .with(new SlackUser(ROBOT, "robot", SlackLab.TEAM, SlackUser.Kind.BOT))
        .withChannel("C00INFRA", "infra");
    platform = another(clock);
  }

  /// One more replica of the adapter.
  SlackPlatform another(EngineClock clock) {
    return new SlackPlatform(
        new SlackSettings(
            new Secret(SlackLab.BOT_TOKEN),
            new SlackSettings.SocketMode(new Secret(SlackLab.APP_TOKEN)),
            slack.api()),
        clock,
        Duration.ofMillis(200));
  }

  @Override
  public SlackPlatform platform() {
    return platform;
  }

  @Override
  public Conversation channel() {
    return INFRA;
  }

  @Override
  public String member() {
    return ALICE;
  }

  @Override
  public void say(Conversation where, String text) {
    if (where.thread().isPresent()) {
      slack.mention(ALICE, where.channel(), where.thread(), text);
    } else {
      slack.command(ALICE, where.channel(), text);
    }
  }

  @Override
  public void press(Posted posted, String label) {
    slack.press(ALICE, posted.where().channel(), posted.id(), label);
  }

  @Override
  public void fill(Posted posted, String label, String answer) {
    press(posted, label);
    await().until(() -> slack.hasForm(ALICE));
    slack.submit(ALICE, answer);
  }

  @Override
  public String read(Posted posted) {
    return slack.read(posted.where().channel(), posted.id())
        + String.join("\n", slack.files().values());
  }

  @Override
  public String readThread(Conversation thread) {
    return String.join("\n", slack.thread(thread.channel(), thread.thread().orElseThrow()));
  }

  @Override
  public String readWhispers() {
    return String.join("\n", slack.whispers(ALICE));
  }

  @Override
  public int pings() {
    return slack.pings();
  }

  @Override
  public void close() {
    platform.close();
    slack.close();
  }
}
