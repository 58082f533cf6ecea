/// The one action that touches no system: letting time pass.
@NullMarked
package dev.pvebot.runbooks.waiting;

import org.jspecify.annotations.NullMarked;
