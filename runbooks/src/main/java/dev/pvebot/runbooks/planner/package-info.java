/// Plans: a runbook, what was said, and the live inventory become the full list of what would
/// happen.
///
/// Start reading at [dev.pvebot.runbooks.planner.Planner]. What is known is decided now and pinned;
/// what only an earlier step can tell stays an expression with a type and a bound. Planning reads
/// and never changes anything.
@NullMarked
package dev.pvebot.runbooks.planner;

import org.jspecify.annotations.NullMarked;
