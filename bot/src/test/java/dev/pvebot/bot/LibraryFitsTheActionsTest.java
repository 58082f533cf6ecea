package dev.pvebot.bot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.api.ApiToken;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.expression.Expressions;
import dev.pvebot.runbooks.format.Library;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.linter.Linter;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The shipped runbooks against the actions that there really are.
class LibraryFitsTheActionsTest {
  private static final Actions ACTIONS = actions();

  private static Actions actions() {
    InstantSource clock = InstantSource.system();
    Pve.Pace pace = Pve.Pace.defaults();
    PveCaller nowhere =
        new PveCaller(
            List.of(new Site.ApiNode(new NodeName("nowhere"), "node.invalid", 8006)),
            new Site.Tls.SystemTrust(),
            new ApiToken("nobody@pve!none", new Secret("none")),
            pace.timeouts(),
            clock);
    try (Pve pve = new Pve(nowhere, pace, clock)) {
      return InstructionSet.of(pve, clock);
    }
  }

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
