/// What people say: the interpreter turns a text and a [Catalog] into a [Command]. Deterministic
/// and without I/O: the same text gives the same command tomorrow.
@NullMarked
package dev.pvebot.commands;

import org.jspecify.annotations.NullMarked;
