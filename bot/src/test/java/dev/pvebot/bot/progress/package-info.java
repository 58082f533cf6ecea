/// What people are told of operations, by a teller on a real journal.
@NullMarked
package dev.pvebot.bot.progress;

import org.jspecify.annotations.NullMarked;
