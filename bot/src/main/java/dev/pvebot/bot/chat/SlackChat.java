package dev.pvebot.bot.chat;

import dev.pvebot.bot.config.ChatConfig;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.integrations.secrets.SecretResolver;
import dev.pvebot.integrations.slack.SlackSettings;

/// Slack's settings, with their secrets.
public final class SlackChat {
  private SlackChat() {}

  public static SlackSettings settings(ChatConfig.Slack slack, SecretResolver secrets)
      throws InterruptedException {
    Secret botToken = secrets.resolve(slack.botToken());
    SlackSettings.Hearing hearing =
        slack.http().isPresent()
            ? new SlackSettings.Http(
                secrets.resolve(slack.http().get().signingSecret()), slack.http().get().listen())
            : new SlackSettings.SocketMode(secrets.resolve(slack.appToken().orElseThrow()));
    return new SlackSettings(botToken, hearing, slack.api());
  }
}
