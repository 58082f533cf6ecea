/// Tests of this package.
@NullMarked
package dev.pvebot.integrations.secrets;

import org.jspecify.annotations.NullMarked;
