/// From a message to what is done about it: a question is answered, a change is planned and put
/// before its gate.
@NullMarked
package dev.pvebot.bot.router;

import org.jspecify.annotations.NullMarked;
