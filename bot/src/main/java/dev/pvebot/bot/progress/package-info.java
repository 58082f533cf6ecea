/// What people see of an operation: the plan's card, the head card that is edited in place, the
/// lines in the thread.
@NullMarked
package dev.pvebot.bot.progress;

import org.jspecify.annotations.NullMarked;
