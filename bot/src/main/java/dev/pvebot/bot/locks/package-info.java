/// Taking the locks from an operation: a plan of two steps, planned, gated and run as any other.
/// Start at [LockPlans].
@NullMarked
package dev.pvebot.bot.locks;

import org.jspecify.annotations.NullMarked;
