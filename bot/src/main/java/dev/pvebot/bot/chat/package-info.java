/// The chats that the bot is in: who speaks, what becomes of it, and the threads in which
/// operations are told. [Chats] holds the platforms, [ChatDesk] answers them.
@NullMarked
package dev.pvebot.bot.chat;

import org.jspecify.annotations.NullMarked;
