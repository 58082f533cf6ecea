/// Tests of this package.
@NullMarked
package dev.pvebot.integrations.pve.fleet;

import org.jspecify.annotations.NullMarked;
