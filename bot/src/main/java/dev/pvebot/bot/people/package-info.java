/// Who may do what: one identity map over every platform, and rights by cluster, environment and
/// risk.
@NullMarked
package dev.pvebot.bot.people;

import org.jspecify.annotations.NullMarked;
