/// The rule of the house, as tests: which room knows which, and what an image holds.
@org.jspecify.annotations.NullMarked
package dev.pvebot.bot.house;
