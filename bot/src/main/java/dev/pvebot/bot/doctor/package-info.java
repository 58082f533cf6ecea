/// Finds out what is wrong with an installation and how to mend it: start at
/// [dev.pvebot.bot.doctor.Doctor]. It looks and changes nothing, and needs no running bot.
@NullMarked
package dev.pvebot.bot.doctor;

import org.jspecify.annotations.NullMarked;
