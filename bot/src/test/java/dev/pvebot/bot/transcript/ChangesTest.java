package dev.pvebot.bot.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.operation.OperationState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `changes` on the lab. The lab's clock runs ahead of the bot's, so times are not looked at here.
class ChangesTest {
  @TempDir Path folder;

  private static List<String> changes(Stage stage, String text) throws InterruptedException {
    List<String> changes = new ArrayList<>();
    for (Answer answer : say(stage, text)) {
      if (answer instanceof Answer.Shown(var _, Card card, boolean _)
          && card.facts().get("changes") instanceof List<?> rows) {
        for (Object row : rows) {
          Map<?, ?> fact = (Map<?, ?>) row;
          changes.add(
              "%s | %s | %s".formatted(fact.get("who"), fact.get("what"), fact.get("state")));
        }
      }
    }
    return changes;
  }

  private static List<Answer> say(Stage stage, String text) throws InterruptedException {
    return stage.say(new Call("say", text, Optional.of("alice"), "infra", Optional.empty(), false));
  }

  @Test
  void operations_areToldOnce_byTheirPerson_andWhatCameByHandBesideThem()
      throws IOException, InterruptedException {
    try (Stage stage = Stage.set(folder, List.of())) {
      String made = "my token, outside operations | qmcreate 1061 on pve01 | ok";
      assertThat(changes(stage, "changes since 12:00")).containsExactly(made);

      say(stage, "start 1061");
      Awaitility.await()
          .atMost(Stage.PATIENCE)
          .until(() ->
              stage
                  .operation(1)
                  .filter(operation -> operation.state() == OperationState.SUCCEEDED)
                  .isPresent());
      stage.hand().pve("POST /nodes/pve03/qemu/1033/status/start");

      assertThat(changes(stage, "changes since 12:00"))
          .containsExactlyInAnyOrder(
              made,
              "alice | operation 1 · start 1061 | succeeded",
              "my token, outside operations | qmstart 1033 on pve03 | ok");
      assertThat(changes(stage, "changes of 1033 since 12:00"))
          .containsExactly("my token, outside operations | qmstart 1033 on pve03 | ok");
      assertThat(changes(stage, "changes of 1061 since 12:00"))
          .containsExactlyInAnyOrder(made, "alice | operation 1 · start 1061 | succeeded");
    }
  }

  @Test
  void denied_orNeverApproved_isNoChange() throws IOException, InterruptedException {
    try (Stage stage = Stage.set(folder, List.of())) {
      say(stage, "vm stop 1031");
      say(stage, "deny 1 not now");

      assertThat(changes(stage, "changes of 1031 since 12:00")).isEmpty();
    }
  }
}
