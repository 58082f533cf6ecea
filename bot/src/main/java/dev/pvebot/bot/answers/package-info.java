/// Answers to questions: cards made from a snapshot of the fleet. Reading only; every card says how
/// old its figures are.
@NullMarked
package dev.pvebot.bot.answers;

import org.jspecify.annotations.NullMarked;
