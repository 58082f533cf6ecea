/// Keeps secrets out of what people and files see: every card, and every text that is stored,
/// passes here with what the [dev.pvebot.integrations.secrets.Redactor] knows.
@NullMarked
package dev.pvebot.bot.redaction;

import org.jspecify.annotations.NullMarked;
