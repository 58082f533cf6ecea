/// What only the catalog of actions can tell about a runbook: whether it makes sense.
@NullMarked
package dev.pvebot.runbooks.linter;

import org.jspecify.annotations.NullMarked;
