/// `pvebot.yaml`: which site, which store, which people. Checked whole, reported once.
@NullMarked
package dev.pvebot.bot.config;

import org.jspecify.annotations.NullMarked;
