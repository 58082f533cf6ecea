/// What storages hold, as facts that several answers need: which storages count once, how full and
/// when full, which backup is the newest. Knows no card and no person.
@NullMarked
package dev.pvebot.bot.storage;

import org.jspecify.annotations.NullMarked;
