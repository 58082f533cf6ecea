package dev.pvebot.bot.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pvebot.bot.Bot;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.config.BotConfigReader;
import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteReader;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.slack.SlackLab;
import dev.pvebot.integrations.lab.slack.SlackUser;
import dev.pvebot.runbooks.engine.EngineClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole bot on a lab and a Slack of its own: what is said in Slack becomes an operation, which
/// is one operation wherever it is looked at.
class SlackOperationTest {
  private static final String ALICE = "U0000ALICE";
  private static final String BOB = "U0000BOB";
  private static final String CAROL = "U0000CAROL";
  private static final String NOBODY = "U0000NOBODY";
  private static final String GUEST = "U0000GUEST";
  private static final String INFRA = "C00INFRA";
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Lab lab;
  private SlackLab slack;
  private Bot bot;

  @BeforeEach
  void open() throws Exception {
    lab = LabServer.start(LabConfig.isolated().withSpeed(100), folder);
    slack =
        SlackLab.start(EngineClock.system())
            .with(SlackUser.member(ALICE, "alice"))
            .with(SlackUser.member(BOB, "bob"))
            .with(SlackUser.member(CAROL, "carol"))
            .with(SlackUser.member(NOBODY, "newcomer"))
            .with(new SlackUser(GUEST, "gus", SlackLab.TEAM, SlackUser.Kind.GUEST))
            .withChannel(INFRA, "infra");
    secret("slack-bot", SlackLab.BOT_TOKEN);
    secret("slack-app", SlackLab.APP_TOKEN);
    Files.writeString(
        folder.resolve("pvebot.yaml"),
        """
        slack:
          bot_token: "file:secrets/slack-bot"
          app_token: "file:secrets/slack-app"
          api: "%s"
        """
            .formatted(slack.api()),
        StandardOpenOption.APPEND);
    startBot();
  }

  private void secret(String name, String value) throws Exception {
    Path file = Files.writeString(folder.resolve("secrets").resolve(name), value + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private void startBot() throws Exception {
    bot = Bot.open(config(), site());
    bot.start();
    await().atMost(LONG).until(() -> slack.connections() == 1);
  }

  @AfterEach
  void close() {
    bot.close();
    slack.close();
    lab.close();
  }

  @Test
  void question_isAnsweredInTheChannel() {
    slack.command(ALICE, INFRA, "vm list");
    await().atMost(LONG).until(() -> slack.posted(INFRA).size() == 1);
    assertThat(slack.read(INFRA, slack.posted(INFRA).getFirst())).contains("pve01");
  }

  @Test
  void change_isConfirmedByButton_andToldInOneThread() {
    String head = plan("clone template 102 to 1090 as chat-vm");
    assertThat(slack.read(INFRA, head)).contains("[Confirm]");
    slack.press(ALICE, INFRA, head, "Confirm");
    await().atMost(LONG).until(() -> slack.read(INFRA, head).contains("done in"));
    assertThat(slack.posted(INFRA)).containsExactly(head);
    assertThat(slack.thread(INFRA, head)).anyMatch(line -> line.contains("done in"));
    assertThat(slack.read(INFRA, head)).doesNotContain("[Confirm]");
    assertThat(slack.refused()).isEmpty();
  }

  @Test
  void operationOfSlack_isApprovedFromTheConsole() throws Exception {
    String head = plan("clone template 102 to 1095 as chat-vm");
    assertThat(say("approve 1", "alice")).isZero();
    await().atMost(LONG).until(() -> slack.read(INFRA, head).contains("done in"));
  }

  @Test
  void typedName_isAskedByForm_andASecondPersonApproves() {
    String head = plan(BOB, "delete vm 1033");
    slack.press(BOB, INFRA, head, "Type the name…");
    await().atMost(LONG).until(() -> slack.hasForm(BOB));
    slack.submit(BOB, "build1");
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(slack.whispers(BOB)).anyMatch(text -> text.contains("2 tries left")));
    slack.press(BOB, INFRA, head, "Type the name…");
    await().atMost(LONG).until(() -> slack.hasForm(BOB));
    slack.submit(BOB, "build01");
    await().atMost(LONG).until(() -> slack.read(INFRA, head).contains("[Approve]"));
    slack.press(BOB, INFRA, head, "Approve");
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(slack.whispers(BOB))
                .anyMatch(text -> text.contains("someone else must approve")));
    slack.press(CAROL, INFRA, head, "Deny");
    await().atMost(LONG).until(() -> slack.hasForm(CAROL));
    slack.submit(CAROL, "not before the audit is through");
    await().atMost(LONG).until(() -> slack.read(INFRA, head).contains("not before the audit"));
    assertThat(slack.read(INFRA, head)).doesNotContain("[Approve]", "[Deny]");
  }

  @Test
  void whoIsNotInTheIdentityMap_isToldWhomToAsk_andGuestsAreRefused() {
    slack.command(NOBODY, INFRA, "stop 1031");
    slack.command(GUEST, INFRA, "stop 1031");
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(slack.whispers(NOBODY)).anyMatch(text -> text.contains("slack: U0000NOBODY"));
          assertThat(slack.whispers(GUEST)).anyMatch(text -> text.contains("members"));
        });
    assertThat(slack.posted(INFRA)).isEmpty();
  }

  @Test
  void slackAwayDuringAnOperation_workGoesOn_andTheThreadCatchesUpOnce() throws Exception {
    String head = plan("clone template 102 to 1096 as chat-vm");
    slack.goDown();
    assertThat(say("approve 1", "alice")).isZero();
    await().atMost(LONG).until(() -> say("op show 1", "alice") == 0 && shows("done in"));
    slack.comeUp();
    await().atMost(LONG).until(() -> slack.read(INFRA, head).contains("done in"));
    await()
        .atMost(LONG)
        .until(() -> slack.thread(INFRA, head).stream().anyMatch(l -> l.contains("done in")));
    assertThat(slack.thread(INFRA, head)).doesNotHaveDuplicates();
  }

  @Test
  void restart_keepsTheButtonsAlive_andNothingIsHeardTwice() throws Exception {
    String head = plan("clone template 102 to 1093 as chat-vm");
    bot.close();
    await().atMost(LONG).until(() -> slack.connections() == 0);
    startBot();
    slack.press(ALICE, INFRA, head, "Confirm");
    await().atMost(LONG).until(() -> slack.read(INFRA, head).contains("done in"));
    assertThat(slack.posted(INFRA)).containsExactly(head);
  }

  @Test
  void homePage_showsWhatWaitsForMe() {
    plan(BOB, "delete vm 1033");
    slack.openHome(CAROL);
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(slack.home(CAROL)).contains("1 waits for you", "1033"));
    slack.openHome(ALICE);
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(slack.home(ALICE)).contains("Nothing waits for you"));
  }

  @Test
  void tokens_areInNothingThatIsSent() {
    slack.command(ALICE, INFRA, "clone template 102 to 1094 as " + SlackLab.BOT_TOKEN);
    await()
        .atMost(LONG)
        .until(() -> !slack.posted(INFRA).isEmpty() || !slack.whispers(ALICE).isEmpty());
    assertThat(slack.everythingSent()).doesNotContain(SlackLab.BOT_TOKEN, SlackLab.APP_TOKEN);
  }

  private final List<Answer> shown = new ArrayList<>();

  private int say(String text, String person) throws InterruptedException {
    return bot.call(
        new Call("say", text, Optional.of(person), "console", Optional.empty(), false),
        System.getProperty("user.name"),
        answer -> {
          synchronized (shown) {
            shown.add(answer);
          }
        });
  }

  private boolean shows(String text) {
    synchronized (shown) {
      return shown.stream().anyMatch(answer -> answer.toString().contains(text));
    }
  }

  private String plan(String text) {
    return plan(ALICE, text);
  }

  /// The `ts` of the card that the plan makes.
  private String plan(String user, String text) {
    slack.command(user, INFRA, text);
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(slack.posted(INFRA))
                .as("whispered: %s, refused: %s", slack.whispers(user), slack.refused())
                .hasSize(1));
    return slack.posted(INFRA).getFirst();
  }

  private BotConfig config() {
    return switch (BotConfigReader.read(folder.resolve("pvebot.yaml"))) {
      case BotConfigReader.Result.Read(BotConfig config) -> config;
      case BotConfigReader.Result.Refused(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }

  private Site site() {
    return switch (new SiteReader(folder).read(folder.resolve("site"))) {
      case SiteReader.Result.Loaded(List<Site> sites) -> sites.getFirst();
      case SiteReader.Result.Refused(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }
}
