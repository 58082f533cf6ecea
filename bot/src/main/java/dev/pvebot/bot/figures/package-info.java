/// Figures and durations in the words that cards show. Knows nothing else of the program.
@org.jspecify.annotations.NullMarked
package dev.pvebot.bot.figures;
