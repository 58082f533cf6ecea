/// Tests of this package.
@NullMarked
package dev.pvebot.integrations.pve;

import org.jspecify.annotations.NullMarked;
