/// Tests of the package of this name.
@NullMarked
package dev.pvebot.integrations.talos.api;

import org.jspecify.annotations.NullMarked;
