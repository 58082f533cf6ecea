/// Tests of the package of this name.
@NullMarked
package dev.pvebot.integrations.talos.upgrade;

import org.jspecify.annotations.NullMarked;
