package dev.pvebot.integrations.slack;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform.ChatUnavailable;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.EditBudget;
import dev.pvebot.runbooks.engine.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Edits posted cards, one after the other, at a pace that Slack allows. `chat.update` is shared by
/// everything in the workspace: 50 a minute (tier 3), of which we use 40.
final class SlackEdits {
  private static final Logger log = LoggerFactory.getLogger(SlackEdits.class);
  static final EditBudget.Limits LIMITS = new EditBudget.Limits(Duration.ofSeconds(4), 40, 30);
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration AWAY = Duration.ofSeconds(5);

  /// Nothing can be done about these: the message or its channel is gone.
  private static final Set<String> GONE =
      Set.of(
          "message_not_found",
          "channel_not_found",
          "cant_update_message",
          "edit_window_closed",
          "is_archived",
          "not_in_channel");

  private final EditBudget budget = new EditBudget(LIMITS);
  private final SlackWeb web;
  private final EngineClock clock;
  private final java.util.function.BiFunction<Conversation, Card, Posted> post;
  private volatile CompletableFuture<Void> wake = new CompletableFuture<>();
  private volatile boolean open = true;

  SlackEdits(
      SlackWeb web,
      EngineClock clock,
      java.util.function.BiFunction<Conversation, Card, Posted> post) {
    this.web = web;
    this.clock = clock;
    this.post = post;
  }

  void start() {
    Thread.ofVirtual().name("slack-edits").start(this::run);
  }

  void offer(Posted posted, Card card) {
    budget.offer(posted, card, clock.instant());
    wake.complete(null);
  }

  /// Slack is back: what waited out its absence goes now.
  void resume() {
    budget.resume();
    wake.complete(null);
  }

  /// Each card that waits gets one attempt.
  void close() {
    open = false;
    wake.complete(null);
    for (EditBudget.Next.Edit edit : budget.drain()) {
      try {
        update(edit);
      } catch (SlackWeb.TooMany | SlackWeb.Refused | ChatUnavailable failure) {
        log.info("a card keeps its last state until the next start: {}", failure.getMessage());
        return;
      }
    }
  }

  private void run() {
    while (open) {
      wake = new CompletableFuture<>();
      try {
        Instant now = clock.instant();
        switch (budget.next(now)) {
          case EditBudget.Next.Edit edit -> edit(edit);
          case EditBudget.Next.Summarize(Conversation channel, Card summary) ->
              budget.summaryAt(post.apply(channel, summary));
          case EditBudget.Next.Wait wait -> {
            Duration pause = wait.until().map(at -> Duration.between(now, at)).orElse(IDLE);
            clock.sleep(pause, wake);
          }
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException failure) {
        log.warn("cards could not be edited: {}", failure.getMessage());
        budget.pause(clock.instant().plus(AWAY));
      }
    }
  }

  private void edit(EditBudget.Next.Edit edit) {
    try {
      update(edit);
    } catch (SlackWeb.TooMany busy) {
      budget.failed(edit, clock.instant().plus(busy.retryAfter()));
    } catch (SlackWeb.Refused refused) {
      if (!GONE.contains(refused.code())) {
        budget.failed(edit, clock.instant().plus(AWAY));
      }
      log.warn("{}", refused.getMessage());
    } catch (ChatUnavailable away) {
      budget.failed(edit, clock.instant().plus(AWAY)); // an edit that arrives twice does no harm
    }
  }

  private void update(EditBudget.Next.Edit edit) throws SlackWeb.TooMany, SlackWeb.Refused {
    BlockKit.Layout layout = BlockKit.of(edit.card());
    web.once(
        "editing a card",
        client ->
            client.chatUpdate(r ->
                r.channel(edit.posted().where().channel())
                    .ts(edit.posted().id())
                    .text(layout.text())
                    .blocks(layout.blocks())));
  }
}
