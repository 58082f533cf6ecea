@org.jspecify.annotations.NullMarked
package dev.pvebot.bot.router;
