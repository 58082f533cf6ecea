/// What we run: the site, its cluster profiles and the words that name its parts.
///
/// Start reading at [dev.pvebot.clusters.Vmid] and [dev.pvebot.clusters.fleet.Fleet]. Nothing in
/// this room does I/O but reading files, and it depends on no other room.
@NullMarked
package dev.pvebot.clusters;

import org.jspecify.annotations.NullMarked;
