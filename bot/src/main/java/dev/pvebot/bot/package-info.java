/// The program: [dev.pvebot.bot.Pvebot] is its entry, [dev.pvebot.bot.Bot] its parts list, read
/// from top to bottom. Nothing outside of this room knows it.
@org.jspecify.annotations.NullMarked
package dev.pvebot.bot;
