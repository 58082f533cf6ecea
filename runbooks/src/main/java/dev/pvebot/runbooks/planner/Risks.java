package dev.pvebot.runbooks.planner;

import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import java.util.Set;

/// The risk of an action.
public final class Risks {
  private static final Set<String> ANYTHING = Set.of("ssh.run", "ansible.run");

  private Risks() {}

  /// What runs somebody's own text is at least disruptive, whatever it says of itself.
  public static Risk of(Action<?, ?> action) {
    Risk said = action.traits().risk();
    return ANYTHING.contains(action.name()) ? said.atLeast(Risk.DISRUPTIVE) : said;
  }
}
