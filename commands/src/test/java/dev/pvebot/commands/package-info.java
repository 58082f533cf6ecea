/// What the interpreter is held to: phrase lists of two sites, and properties that no list can
/// cover.
@NullMarked
package dev.pvebot.commands;

import org.jspecify.annotations.NullMarked;
