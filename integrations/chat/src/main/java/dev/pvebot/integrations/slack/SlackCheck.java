package dev.pvebot.integrations.slack;

import com.slack.api.Slack;
import com.slack.api.methods.response.auth.AuthTestResponse;
import dev.pvebot.commands.chat.ChatPlatform.ChatUnavailable;
import dev.pvebot.runbooks.engine.EngineClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/// Looks whether Slack takes the tokens, and whether they may do what the bot needs.
public final class SlackCheck {
  /// As in `slack-manifest.yaml`.
  static final Set<String> SCOPES =
      Set.of(
          "app_mentions:read", "chat:write", "commands", "files:write", "im:history", "users:read");

  private SlackCheck() {}

  /// @param workspace where the bot is, and as whom
  /// @param trouble what is wrong, with what to do; empty when all is well
  public record Report(Optional<String> workspace, List<String> trouble) {
    public Report {
      trouble = List.copyOf(trouble);
    }
  }

  public static Report run(SlackSettings settings, EngineClock clock) {
    List<String> trouble = new ArrayList<>();
    Optional<String> workspace = Optional.empty();
    try (Slack slack = Slack.getInstance(SlackPlatform.config(settings))) {
      SlackWeb web = new SlackWeb(slack, settings, clock, new CompletableFuture<>());
      AuthTestResponse me = web.patiently("signing in", client -> client.authTest(r -> r));
      workspace = Optional.of("%s as @%s".formatted(me.getTeam(), me.getUser()));
      missing(me)
          .ifPresent(scopes ->
              trouble.add(
                  "the bot token lacks the scopes %s: paste slack-manifest.yaml anew and reinstall the app"
                      .formatted(scopes)));
      if (settings.hearing() instanceof SlackSettings.SocketMode socket) {
        slack.issueSocketModeUrl(socket.appToken().reveal());
      }
    } catch (ChatUnavailable failure) {
      trouble.add(String.valueOf(failure.getMessage()));
    } catch (IOException | IllegalStateException refused) {
      trouble.add(
          "no socket with slack.app_token (%s): it begins with xapp- and needs connections:write"
              .formatted(refused.getMessage()));
    } catch (Exception closing) { // declared by AutoCloseable
      trouble.add("the client could not be closed: " + closing.getMessage());
    }
    return new Report(workspace, trouble);
  }

  private static Optional<String> missing(AuthTestResponse me) {
    List<String> header =
        Optional.ofNullable(me.getHttpResponseHeaders())
            .map(headers -> headers.get("x-oauth-scopes"))
            .orElse(List.of());
    if (header.isEmpty()) {
      return Optional.empty(); // nothing was said, so nothing is known
    }
    Set<String> missing = new TreeSet<>(SCOPES);
    header.forEach(line -> List.of(line.split("\\s*,\\s*")).forEach(missing::remove));
    return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", missing));
  }
}
