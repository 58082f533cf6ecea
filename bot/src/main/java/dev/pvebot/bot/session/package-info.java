/// The console as a chat platform: processes and terminals attach to it, and see what is said to
/// them and in the threads they follow.
@NullMarked
package dev.pvebot.bot.session;

import org.jspecify.annotations.NullMarked;
