/// How things get done: runbooks are read, planned, and run by a durable engine.
///
/// The words: a [dev.pvebot.runbooks.action.Action] is what a step calls; a
/// [dev.pvebot.runbooks.plan.Plan] is the list of effects and steps made from a runbook and the
/// live inventory; an [dev.pvebot.runbooks.operation.Operation] is one run of a plan.
@NullMarked
package dev.pvebot.runbooks;

import org.jspecify.annotations.NullMarked;
