/// Logging without secrets: everything that is written passes the redactor, stack traces included.
@NullMarked
package dev.pvebot.bot.log;

import org.jspecify.annotations.NullMarked;
