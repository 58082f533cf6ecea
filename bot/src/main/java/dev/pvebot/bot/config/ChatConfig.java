package dev.pvebot.bot.config;

import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.commands.chat.Person;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The chats that the bot is in, and who people are there.
///
/// @param people by platform: the platform's id of somebody -> person
public record ChatConfig(Optional<Slack> slack, Map<String, Map<String, Person>> people) {
  public ChatConfig {
    people = Map.copyOf(people);
  }

  /// Who that is; empty for somebody who is in no identity map.
  public Optional<Person> person(String platform, String id) {
    return Optional.ofNullable(people.getOrDefault(platform, Map.of()).get(id));
  }

  /// @param appToken for Socket Mode
  /// @param http in place of Socket Mode
  /// @param api Slack's Web API
  /// @param channels where the bot works; empty means everywhere it was invited to
  public record Slack(
      SecretRef botToken,
      Optional<SecretRef> appToken,
      Optional<Http> http,
      URI api,
      Set<String> channels) {
    public Slack {
      channels = Set.copyOf(channels);
    }
  }

  /// @param signingSecret with which Slack signs what it sends
  public record Http(SecretRef signingSecret, InetSocketAddress listen) {}

  /// Whether the bot works in that channel; direct messages are always answered.
  public boolean worksIn(String platform, String channel) {
    return !platform.equals("slack")
        || slack
            .filter(s -> !s.channels().isEmpty() && channel.matches("[CG].*"))
            .map(s -> s.channels().contains(channel))
            .orElse(true);
  }
}
