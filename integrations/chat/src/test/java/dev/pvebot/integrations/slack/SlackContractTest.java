package dev.pvebot.integrations.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.integrations.contract.ChatPlatformContract;
import dev.pvebot.integrations.contract.ChatStage;
import dev.pvebot.runbooks.engine.EngineClock;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/// Slack keeps the promises of a chat platform, over real HTTP and WebSocket, and breaks none of
/// Slack's own rules on the way.
class SlackContractTest extends ChatPlatformContract {
  private Optional<SlackStage> current = Optional.empty();

  @Override
  protected ChatStage stage() {
    SlackStage stage = new SlackStage(EngineClock.system());
    current = Optional.of(stage);
    return stage;
  }

  @AfterEach
  void slackRefusedNothing() {
    assertThat(current.orElseThrow().slack.refused()).isEmpty();
  }
}
