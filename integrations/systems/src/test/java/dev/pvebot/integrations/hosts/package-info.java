/// Tests of this package.
@NullMarked
package dev.pvebot.integrations.hosts;

import org.jspecify.annotations.NullMarked;
