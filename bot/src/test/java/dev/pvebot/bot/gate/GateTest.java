package dev.pvebot.bot.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.Environment;
import dev.pvebot.commands.Risk;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {

  @ParameterizedTest
  @CsvSource({
    "READ,        DEV,        1, NONE",
    "READ,        PRODUCTION, 9, NONE",
    "ROUTINE,     STAGING,    5, NONE",
    "ROUTINE,     STAGING,    6, CONFIRM",
    "ROUTINE,     PRODUCTION, 1, CONFIRM",
    "CHANGE,      DEV,        1, CONFIRM",
    "CHANGE,      PRODUCTION, 1, CONFIRM",
    "DISRUPTIVE,  STAGING,    1, CONFIRM",
    "DISRUPTIVE,  PRODUCTION, 1, APPROVAL",
    "DESTRUCTIVE, STAGING,    1, TYPED_NAME",
    "DESTRUCTIVE, DEV,        1, TYPED_NAME",
    "DESTRUCTIVE, PRODUCTION, 1, TYPED_NAME_AND_APPROVAL",
  })
  void theTableOfRisksAndEnvironments(Risk risk, Environment environment, int targets, Gate gate) {
    assertThat(Gate.required(risk, environment, targets)).isEqualTo(gate);
  }

  @Property
  void production_neverAsksLessThanStaging(
      @ForAll Risk risk, @ForAll @IntRange(min = 1, max = 50) int targets) {
    assertThat(Gate.required(risk, Environment.PRODUCTION, targets))
        .isGreaterThanOrEqualTo(Gate.required(risk, Environment.STAGING, targets));
  }

  @Property
  void whatDestroys_alwaysAsksForTheName(
      @ForAll Environment environment, @ForAll @IntRange(min = 1, max = 50) int targets) {
    assertThat(Gate.required(Risk.DESTRUCTIVE, environment, targets).asksName()).isTrue();
  }

  @Test
  void whoBreaksTheGlass_stillSaysYes_andStillTypesTheName() {
    assertThat(Gate.required(Risk.DESTRUCTIVE, Environment.PRODUCTION, 1).alone())
        .isEqualTo(Gate.TYPED_NAME);
    assertThat(Gate.required(Risk.DISRUPTIVE, Environment.PRODUCTION, 1).alone())
        .isEqualTo(Gate.CONFIRM);
    for (Gate gate : Gate.values()) {
      assertThat(gate.alone().asksAnother()).as(gate.name()).isFalse();
      assertThat(gate.alone().asksName()).as(gate.name()).isEqualTo(gate.asksName());
      assertThat(gate.alone() == Gate.NONE).as(gate.name()).isEqualTo(gate == Gate.NONE);
    }
  }
}
