package dev.pvebot.integrations.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Card.Tone;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChoicesTest {
  private final Choices choices = new Choices();
  private boolean typing;

  @Test
  void number_ofAButton_pressesIt() {
    show("1", "plan", "approve 42", "cancel 42");
    assertThat(pressed("2")).isEqualTo("cancel 42");
    assertThat(pressed("[1]")).isEqualTo("approve 42");
  }

  @Test
  void number_withoutAButton_isTextLikeAnyOther() {
    show("1", "plan", "approve 42");
    assertThat(Stream.of("2", "0", "1040", "1 2", "-1").map(choices::enter))
        .allMatch(Choices.Pick.NotAChoice.class::isInstance);
  }

  @Test
  void plan_keepsItsNumbers_whenAnAnswerComes() {
    show("1", "plan", "approve 42", "cancel 42");
    choices.enter("status");
    assertThat(show("2", "answer", "show 1031")).containsExactly(3);
    assertThat(pressed("1")).isEqualTo("approve 42");
    assertThat(pressed("3")).isEqualTo("show 1031");
  }

  @Test
  void answer_givesItsNumbersToTheNextAnswer_onceALineWasEntered() {
    show("1", "answer", "show 1031");
    choices.enter("status");
    assertThat(show("2", "answer", "show 1032")).containsExactly(1);
    assertThat(pressed("1")).isEqualTo("show 1032");
  }

  @Test
  void number_neverChangesItsMeaning_betweenReadingAndEnter() {
    show("1", "answer", "show 1031");
    assertThat(show("2", "answer", "show 1032"))
        .as("unasked, while the person may be reading 1")
        .containsExactly(2);
    assertThat(choices.enter("1")).isInstanceOf(Choices.Pick.Gone.class);

    typing = true;
    assertThat(show("3", "plan", "approve 42", "cancel 42"))
        .as("a 2 may stand in the line")
        .containsExactly(3, 4);
    assertThat(show("3", "plan")).as("approved elsewhere").isEmpty();
    assertThat(show("4", "plan", "approve 43")).doesNotContain(2, 3, 4);
    assertThat(choices.enter("3")).isInstanceOf(Choices.Pick.Gone.class);
  }

  @Test
  void number_isGivenAgain_afterALine() {
    show("1", "plan", "approve 42");
    show("1", "plan");
    choices.enter("tear down staging");
    assertThat(show("2", "plan", "approve 43")).containsExactly(1);
  }

  @Test
  void edit_keepsTheNumbersOfButtonsThatStay() {
    show("1", "progress", "pause 42", "cancel 42");
    assertThat(show("1", "progress", "resume 42", "cancel 42")).containsExactly(3, 2);
    assertThat(choices.enter("1")).isInstanceOf(Choices.Pick.Gone.class);
  }

  @Test
  void number_afterAQuestion_mayBeItsAnswer() {
    show("1", "plan", "approve 42");
    show("1", "plan");
    show("2", "question");
    assertThat(choices.enter("1")).isInstanceOf(Choices.Pick.NotAChoice.class);
  }

  @Test
  void plansWithoutEnd_doNotFillTheScreenWithNumbers() {
    for (int i = 0; i < 500; i++) {
      show("p" + i, "plan", "approve " + i, "cancel " + i);
      choices.enter("next");
    }
    assertThat(show("last", "plan", "approve 500")).allMatch(n -> n < 40);
  }

  private String pressed(String line) {
    return switch (choices.enter(line)) {
      case Choices.Pick.Pressed pressed -> pressed.choice().button().command();
      case Choices.Pick.Gone _ -> "gone";
      case Choices.Pick.NotAChoice _ -> "text";
    };
  }

  private List<Integer> show(String id, String kind, String... commands) {
    List<Button> buttons = Stream.of(commands).map(c -> Button.plain(c, c)).toList();
    var where = new Conversation("console", "#infra", Optional.empty());
    return choices
        .show(
            new Posted(where, id),
            new Card(kind, Tone.NEUTRAL, kind, List.of(), buttons, Map.of()),
            typing)
        .numbers();
  }
}
