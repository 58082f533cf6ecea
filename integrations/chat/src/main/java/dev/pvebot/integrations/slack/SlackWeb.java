package dev.pvebot.integrations.slack;

import com.slack.api.Slack;
import com.slack.api.methods.MethodsClient;
import com.slack.api.methods.SlackApiException;
import com.slack.api.methods.SlackApiTextResponse;
import dev.pvebot.commands.chat.ChatPlatform.ChatUnavailable;
import dev.pvebot.commands.chat.ChatPlatform.ChatUnavailable.Arrival;
import dev.pvebot.runbooks.engine.EngineClock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Calls Slack's Web API as the bot, and says what came of a call in our words.
final class SlackWeb {
  /// A call that is told to wait is repeated this often: nothing was done by it.
  private static final int MOST_WAITS = 5;

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  interface Call<R extends SlackApiTextResponse> {
    R with(MethodsClient client) throws IOException, SlackApiException;
  }

  /// Slack wants fewer calls of this kind.
  static final class TooMany extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Duration retryAfter;

    TooMany(String what, Duration retryAfter) {
      super("%s: Slack asks to wait %d s".formatted(what, retryAfter.toSeconds()));
      this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
      return retryAfter;
    }
  }

  /// Slack has understood and refuses; `code` is its own word, for example `channel_not_found`
  /// (https://docs.slack.dev/reference/methods).
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final String code;

    Refused(String what, String code, Optional<String> needed) {
      super(
          "%s: Slack says %s%s%s"
              .formatted(
                  what,
                  code,
                  needed.map(scope -> " (needs the scope " + scope + ")").orElse(""),
                  advice(code).map(text -> ". " + text).orElse("")));
      this.code = code;
    }

    String code() {
      return code;
    }

    private static Optional<String> advice(String code) {
      return switch (code) {
        case "not_in_channel", "channel_not_found" ->
            Optional.of("Invite the bot into the channel: /invite @pvebot");
        case "is_archived" -> Optional.of("The channel is archived; choose another one");
        case "missing_scope" ->
            Optional.of("Add it in the app's manifest (slack-manifest.yaml) and reinstall the app");
        case "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed" ->
            Optional.of("Look at slack.bot_token and slack.app_token: `./pvebot check`");
        default -> Optional.empty();
      };
    }
  }

  private final MethodsClient client;
  private final EngineClock clock;
  private final CompletableFuture<Void> closed;

  SlackWeb(Slack slack, SlackSettings settings, EngineClock clock, CompletableFuture<Void> closed) {
    this.client = slack.methods(settings.botToken().reveal());
    this.clock = clock;
    this.closed = closed;
  }

  /// @throws ChatUnavailable when Slack could not be reached, or nobody knows what became of it
  <R extends SlackApiTextResponse> R once(String what, Call<R> call) throws TooMany, Refused {
    try {
      R response = call.with(client);
      if (!response.isOk()) {
        throw new Refused(
            what,
            Optional.ofNullable(response.getError()).orElse("no reason"),
            Optional.ofNullable(response.getNeeded()));
      }
      return response;
    } catch (SlackApiException status) {
      int code = status.getResponse().code();
      if (code == 429) {
        throw new TooMany(what, retryAfter(status.getResponse().header("Retry-After")));
      }
      throw new ChatUnavailable(
          code >= 500 ? Arrival.IN_DOUBT : Arrival.DID_NOT_ARRIVE,
          "%s: Slack answers with status %d".formatted(what, code));
    } catch (ConnectException | UnknownHostException | NoRouteToHostException away) {
      throw new ChatUnavailable(
          Arrival.DID_NOT_ARRIVE, "%s: Slack cannot be reached".formatted(what));
    } catch (IOException broken) {
      throw new ChatUnavailable(
          Arrival.IN_DOUBT,
          "%s: the connection to Slack broke (%s)"
              .formatted(what, broken.getClass().getSimpleName()));
    }
  }

  /// The same, but waits as long as Slack asks.
  ///
  /// @throws ChatUnavailable also when Slack refuses
  <R extends SlackApiTextResponse> R patiently(String what, Call<R> call) {
    for (int waits = 0; ; waits++) {
      try {
        return once(what, call);
      } catch (Refused refused) {
        throw new ChatUnavailable(Arrival.DID_NOT_ARRIVE, String.valueOf(refused.getMessage()));
      } catch (TooMany busy) {
        if (waits >= MOST_WAITS
            || busy.retryAfter().compareTo(LONGEST_WAIT) > 0
            || closed.isDone()) {
          throw new ChatUnavailable(Arrival.DID_NOT_ARRIVE, String.valueOf(busy.getMessage()));
        }
        waitFor(busy);
      }
    }
  }

  private void waitFor(TooMany busy) {
    try {
      clock.sleep(busy.retryAfter(), closed);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new ChatUnavailable(Arrival.DID_NOT_ARRIVE, String.valueOf(busy.getMessage()));
    }
  }

  private static Duration retryAfter(@org.jspecify.annotations.Nullable String header) {
    return Optional.ofNullable(header)
        .filter(text -> text.matches("\\d{1,6}"))
        .map(Long::parseLong)
        .map(Duration::ofSeconds)
        .orElse(Duration.ofSeconds(30));
  }
}
