/// Kills a real `serve` at chosen and at random points of its work and looks at what is left.
///
/// A [dev.pvebot.bot.crash.Story] is what people say; [dev.pvebot.bot.crash.Performance] plays it
/// on a lab of its own, with a [dev.pvebot.bot.crash.Serve] that dies as the
/// [dev.pvebot.bot.crash.Strikes] say; [dev.pvebot.bot.crash.Trace] is what it left, to be compared
/// with that of an undisturbed performance. `bench/soak` starts [dev.pvebot.bot.crash.Soak].
@NullMarked
package dev.pvebot.bot.crash;

import org.jspecify.annotations.NullMarked;
