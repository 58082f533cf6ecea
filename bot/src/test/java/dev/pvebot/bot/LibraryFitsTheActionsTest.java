package dev.pvebot.bot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.expression.Expressions;
import dev.pvebot.runbooks.format.Library;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.linter.Linter;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The shipped runbooks against the actions that there really are.
class LibraryFitsTheActionsTest {
  private static final Actions ACTIONS = InstructionSet.declarations();

  static Stream<String> shipped() {
    return Library.load().all().stream().map(Runbook::name);
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyShippedRunbook_passesTheLinter(String name) {
    Runbook runbook = Library.load().named(name).orElseThrow();
    assertThat(Linter.lint(runbook, ACTIONS, new Expressions())).map(Problem::toString).isEmpty();
  }
}
