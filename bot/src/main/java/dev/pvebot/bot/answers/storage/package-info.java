/// Answers about storages and what lies on them: how full and when full, disks that belong to
/// nobody, ISO images, backups, snapshots.
@NullMarked
package dev.pvebot.bot.answers.storage;

import org.jspecify.annotations.NullMarked;
