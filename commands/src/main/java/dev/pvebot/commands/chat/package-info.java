/// The vocabulary that every chat platform shares: people, messages, cards, buttons, and the port
/// that an adapter fills.
@NullMarked
package dev.pvebot.commands.chat;

import org.jspecify.annotations.NullMarked;
