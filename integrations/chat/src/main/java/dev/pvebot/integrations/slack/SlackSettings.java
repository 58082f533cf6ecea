package dev.pvebot.integrations.slack;

import dev.pvebot.clusters.secret.Secret;
import java.net.InetSocketAddress;
import java.net.URI;

/// What the adapter has to know of the workspace's app.
///
/// @param botToken `xoxb-…`
/// @param hearing how Slack's messages reach us
/// @param api Slack's Web API; anything but https is for a stand-in on this machine
public record SlackSettings(Secret botToken, Hearing hearing, URI api) {
  public static final URI SLACK = URI.create("https://slack.com/api/");

  public SlackSettings {
    String host = String.valueOf(api.getHost());
    if (!api.getScheme().equals("https") && !host.startsWith("127.") && !host.equals("localhost")) {
      throw new IllegalArgumentException(
          "slack.api is '%s'; expected https, so that the tokens stay secret".formatted(api));
    }
    if (!api.getPath().endsWith("/")) {
      throw new IllegalArgumentException(
          "slack.api is '%s'; expected a slash at its end".formatted(api));
    }
  }

  public sealed interface Hearing {}

  /// A WebSocket that we open: nothing of ours is reachable from outside.
  ///
  /// @param appToken `xapp-…` with `connections:write`
  public record SocketMode(Secret appToken) implements Hearing {}

  /// Slack calls us, behind a proxy that speaks TLS.
  ///
  /// @param signingSecret each request is checked against it
  public record Http(Secret signingSecret, InetSocketAddress listen) implements Hearing {}
}
