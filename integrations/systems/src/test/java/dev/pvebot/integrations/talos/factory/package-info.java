/// Tests of the package of this name.
@NullMarked
package dev.pvebot.integrations.talos.factory;

import org.jspecify.annotations.NullMarked;
