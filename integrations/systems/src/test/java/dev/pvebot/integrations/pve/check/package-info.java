/// Tests of this package.
@NullMarked
package dev.pvebot.integrations.pve.check;

import org.jspecify.annotations.NullMarked;
