/// The words of chat that decide something.
package dev.pvebot.commands.chat;
