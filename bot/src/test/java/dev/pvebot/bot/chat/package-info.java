/// The bot in its chats.
package dev.pvebot.bot.chat;
