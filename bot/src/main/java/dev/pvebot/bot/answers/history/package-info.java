/// Answers about what happened and why: changes by people and by us, locks and who holds them.
@NullMarked
package dev.pvebot.bot.answers.history;

import org.jspecify.annotations.NullMarked;
