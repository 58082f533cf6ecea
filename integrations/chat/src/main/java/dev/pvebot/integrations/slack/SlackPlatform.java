package dev.pvebot.integrations.slack;

import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.bolt.App;
import com.slack.api.bolt.AppConfig;
import com.slack.api.methods.response.auth.AuthTestResponse;
import com.slack.api.methods.response.chat.ChatPostMessageResponse;
import com.slack.api.model.block.DividerBlock;
import com.slack.api.model.block.LayoutBlock;
import com.slack.api.model.view.View;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Inbox;
import dev.pvebot.runbooks.engine.EngineClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Slack as a chat platform: one app, one workspace.
///
/// Several replicas may run at once: Slack gives each message to one of their sockets, and all that
/// a click needs is in its button.
public final class SlackPlatform implements ChatPlatform {
  public static final String NAME = "slack";

  private static final Logger log = LoggerFactory.getLogger(SlackPlatform.class);

  /// How often the socket is asked whether it lives; with the 3 s that it has to answer, a silent
  /// one is noticed within 30 s.
  private static final Duration PULSE = Duration.ofSeconds(10);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);
  private static final int CALL_MILLIS = 20_000;
  private static final int HOME_BLOCKS = 95;

  private final SlackSettings settings;
  private final EngineClock clock;
  private final Duration pulse;
  private final Slack slack;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();
  private final ExecutorService work =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("slack-", 0).factory());
  private final SlackWeb web;
  private final SlackPeople people;
  private final SlackEdits edits;
  private volatile Health health =
      new Health(Optional.empty(), Optional.empty(), Optional.of("not connected yet"));

  public SlackPlatform(SlackSettings settings, EngineClock clock) {
    this(settings, clock, PULSE);
  }

  SlackPlatform(SlackSettings settings, EngineClock clock, Duration pulse) {
    this.settings = settings;
    this.clock = clock;
    this.pulse = pulse;
    this.slack = Slack.getInstance(config(settings));
    this.web = new SlackWeb(slack, settings, clock, closed);
    this.people = new SlackPeople(web, clock);
    this.edits = new SlackEdits(web, clock, this::post);
  }

  static SlackConfig config(SlackSettings settings) {
    SlackConfig config = new SlackConfig();
    config.setMethodsEndpointUrlPrefix(settings.api().toString());
    config.setHttpClientCallTimeoutMillis(CALL_MILLIS);
    config.setPrettyResponseLoggingEnabled(false);
    config.setStatsEnabled(
        false); // else the client asks auth.test for each token, for figures of its own
    return config;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Health health() {
    return health;
  }

  @Override
  public void start(Inbox inbox) {
    edits.start();
    Thread.ofVirtual().name("slack-connection").start(() -> stayConnected(inbox));
    firstAttempt.join();
  }

  private void stayConnected(Inbox inbox) {
    Duration pause = FIRST_RETRY;
    try {
      while (!closed.isDone()) {
        try (Line line = connect(inbox)) {
          pause = FIRST_RETRY;
          isConnected(inbox);
          firstAttempt.complete(null);
          while (!closed.isDone() && line.lives()) {
            clock.sleep(pulse, closed);
          }
          if (!closed.isDone()) {
            isAway("Slack does not answer any more; connecting again");
          }
        } catch (IOException | SlackWeb.TooMany | SlackWeb.Refused | RuntimeException failure) {
          isAway(String.valueOf(failure.getMessage()));
        }
        firstAttempt.complete(null);
        clock.sleep(pause, closed);
        pause =
            pause.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? pause.multipliedBy(2) : LAST_RETRY;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      firstAttempt.complete(null);
    }
  }

  private Line connect(Inbox inbox)
      throws IOException, InterruptedException, SlackWeb.TooMany, SlackWeb.Refused {
    AuthTestResponse me = web.once("signing in", client -> client.authTest(r -> r));
    SlackPeople.Home home =
        new SlackPeople.Home(
            me.getTeamId(), Optional.ofNullable(me.getEnterpriseId()), me.getUserId());
    SlackEars ears =
        new SlackEars(web, people, home, inbox, work, user -> showHome(user, home, inbox));
    AppConfig.AppConfigBuilder config =
        AppConfig.builder()
            .slack(slack)
            .singleTeamBotToken(settings.botToken().reveal())
            .authTestCacheEnabled(true)
            .authTestCacheExpirationMillis(-1); // else a click would wait for a call to Slack
    return switch (settings.hearing()) {
      case SlackSettings.SocketMode socket -> {
        App app = new App(config.build());
        ears.listen(app);
        yield SlackLink.open(
            slack, socket.appToken().reveal(), app, this::heard, () -> isConnected(inbox));
      }
      case SlackSettings.Http http -> {
        App app = new App(config.signingSecret(http.signingSecret().reveal()).build());
        ears.listen(app);
        yield SlackHttp.listen(http.listen(), app, work, this::heard);
      }
    };
  }

  private void isConnected(Inbox inbox) {
    Instant now = clock.instant();
    health = new Health(Optional.of(now), Optional.of(now), Optional.empty());
    edits.resume();
    work.execute(() -> inbox.connected(this));
  }

  private void isAway(String why) {
    if (health.connectedSince().isPresent() || !health.trouble().equals(Optional.of(why))) {
      log.warn("{}", why);
    }
    health = new Health(Optional.empty(), health.lastHeard(), Optional.of(why));
  }

  private void heard() {
    Health before = health;
    health = new Health(before.connectedSince(), Optional.of(clock.instant()), before.trouble());
  }

  @Override
  public Posted post(Conversation where, Card card) {
    BlockKit.Layout layout = BlockKit.of(card);
    ChatPostMessageResponse response =
        web.patiently(
            "posting a card",
            client ->
                client.chatPostMessage(r ->
                    r.channel(where.channel())
                        .threadTs(where.thread().orElse(null))
                        .text(layout.text())
                        .blocks(layout.blocks())
                        .unfurlLinks(false)
                        .unfurlMedia(false)));
    // a message to a person names the channel of the direct messages
    Posted posted =
        new Posted(new Conversation(NAME, response.getChannel(), where.thread()), response.getTs());
    layout.files().forEach(file -> attach(posted, file));
    return posted;
  }

  /// The card stands already: a file that cannot be sent is not worth losing it.
  private void attach(Posted posted, BlockKit.Attachment file) {
    try {
      web.patiently(
          "sending " + file.name(),
          client ->
              client.filesUploadV2(r ->
                  r.channel(posted.where().channel())
                      .threadTs(posted.thread().thread().orElse(posted.id()))
                      .filename(file.name())
                      .title(file.name())
                      .content(file.text())
                      .requestFileInfo(false)));
    } catch (ChatUnavailable failure) {
      log.warn("{}", failure.getMessage());
    }
  }

  @Override
  public Posted open(Conversation where, String topic, Card head) {
    return post(where, head);
  }

  @Override
  public void edit(Posted posted, Card card) {
    edits.offer(posted, card);
  }

  @Override
  public void whisper(Conversation where, String speaker, Card card) {
    if (!where.channel().startsWith("C") && !where.channel().startsWith("G")) {
      post(where, card); // nobody else reads direct messages
      return;
    }
    BlockKit.Layout layout = BlockKit.of(card);
    web.patiently(
        "telling one person",
        client ->
            client.chatPostEphemeral(r ->
                r.channel(where.channel())
                    .threadTs(where.thread().orElse(null))
                    .user(speaker)
                    .text(layout.text())
                    .blocks(layout.blocks())));
  }

  private void showHome(String user, SlackPeople.Home home, Inbox inbox) {
    List<LayoutBlock> blocks = new ArrayList<>();
    for (Card card : inbox.home(people.speaker(user, home))) {
      List<LayoutBlock> more = BlockKit.of(card).blocks();
      if (blocks.size() + more.size() + 1 > HOME_BLOCKS) {
        break;
      }
      if (!blocks.isEmpty()) {
        blocks.add(DividerBlock.builder().build());
      }
      blocks.addAll(more);
    }
    try {
      web.patiently(
          "showing the Home page",
          client ->
              client.viewsPublish(
                  r -> r.userId(user).view(View.builder().type("home").blocks(blocks).build())));
    } catch (ChatUnavailable failure) {
      log.warn("{}", failure.getMessage());
    }
  }

  @Override
  public void close() {
    if (closed.complete(null)) {
      edits.close();
      work.shutdownNow();
      try {
        slack.close();
      } catch (Exception failure) { // declared by AutoCloseable
        log.debug("closing the client: {}", failure.getMessage());
      }
    }
  }
}
