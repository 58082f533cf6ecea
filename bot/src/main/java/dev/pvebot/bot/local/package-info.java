/// The local socket by which a second process (`say`, `op`, `audit`) speaks to the running bot of
/// the same configuration. The peer's Unix user is asked from the kernel, never from the caller.
@NullMarked
package dev.pvebot.bot.local;

import org.jspecify.annotations.NullMarked;
