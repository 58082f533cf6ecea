package dev.pvebot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BreakGlassTest {
  private final Interpreter interpreter = new Interpreter();

  private Command say(String text) {
    return interpreter.interpret(text, Sites.EXAMPLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/pve vm delete 1031 --break-glass \"disk is on fire\"",
        "vm delete 1031 --break-glass 'disk is on fire'",
        "vm delete 1031 --break-glass=\"disk is on fire\"",
        "--break-glass \"disk is on fire\" vm delete 1031",
        "delete vm 1031 --break-glass disk is on fire",
        "delete vm 1031 \u2014break-glass \u201cdisk is on fire\u201d",
        "pve:vm:delete VMID=1031 BREAK_GLASS=\"disk is on fire\"",
        "please delete vm 1031, break glass: disk is on fire",
        "delete vm 1031 and break the glass: \"disk is on fire\"",
        "Delete VM 1031 --BREAK-GLASS \"disk  is\n on fire\""
      })
  void everyForm_takesTheReasonAlong(String text) {
    Command command = say(text);

    assertThat(command.intent()).isEqualTo("vm.delete");
    assertThat(command.ownArgs()).isEqualTo(Map.of("vm", List.of(1031)));
    assertThat(command.breakGlass()).contains("disk is on fire");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete vm 1031 --break-glass",
        "delete vm 1031 --break-glass \"\"",
        "delete vm 1031 --break-glass \"  \"",
        "pve:vm:delete VMID=1031 BREAK_GLASS=",
        "delete vm 1031, break glass:"
      })
  void withoutAReason_nothingIsDone(String text) {
    Command command = say(text);

    assertThat(command.isNone()).isTrue();
    assertThat(command.reason()).contains("incomplete");
    assertThat(command.reply().orElseThrow().text()).contains("--break-glass \"reason\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "should we delete 1031 --break-glass \"now\"?",
        "don't delete 1031 --break-glass \"now\"",
        "yesterday we deleted 1031, break glass: it had to be",
        "--break-glass \"delete vm 1031\""
      })
  void whatIsNoCommandWithoutIt_isNoneWithIt(String text) {
    assertThat(say(text).isNone()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete vm 1031, do not break glass: it is not that bad",
        "delete vm 1031, never break the glass: bob said so",
        "delete vm 1031 in case we break glass"
      })
  void whoTalksOfIt_breaksNone(String text) {
    assertThat(say(text).breakGlass()).isEmpty();
  }

  @Test
  void reasonWithHiddenLetters_isRefused() {
    assertThat(say("delete vm 1031 --break-glass \"fi\u200bre\"").reason()).contains("unsafe");
  }

  @Property(tries = 200)
  void theReasonIsNeverReadAsCommand(
      @ForAll @AlphaChars @StringLength(min = 1, max = 30) String why) {
    Command command = say("vm stop 1031 --break-glass \"delete " + why + " 1040\"");

    assertThat(command.intent()).isEqualTo("vm.stop");
    assertThat(command.ownArgs()).isEqualTo(Map.of("vm", List.of(1031)));
  }
}
