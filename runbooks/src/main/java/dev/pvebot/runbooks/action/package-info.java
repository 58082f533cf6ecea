/// The port to the systems: actions, what they promise, and how they say what happened.
@NullMarked
package dev.pvebot.runbooks.action;

import org.jspecify.annotations.NullMarked;
