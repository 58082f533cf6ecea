/// Figures as people read them.
@NullMarked
package dev.pvebot.bot.figures;

import org.jspecify.annotations.NullMarked;
