/// Operations: runs of plans, their states, and what is told about them while they run.
@NullMarked
package dev.pvebot.runbooks.operation;

import org.jspecify.annotations.NullMarked;
