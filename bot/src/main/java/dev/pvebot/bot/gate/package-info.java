/// The gate desk: which consent a plan needs, who gave it, and what came of it. When a guard cannot
/// be asked, the answer is no.
@NullMarked
package dev.pvebot.bot.gate;

import org.jspecify.annotations.NullMarked;
