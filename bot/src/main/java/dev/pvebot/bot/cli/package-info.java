/// The command line. Scripts rely on its words and exit codes: 0 done, 1 failed, 2 usage or
/// configuration, 3 needs a person's consent, 4 refused.
@NullMarked
package dev.pvebot.bot.cli;

import org.jspecify.annotations.NullMarked;
