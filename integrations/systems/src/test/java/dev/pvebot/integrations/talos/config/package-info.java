/// Tests of the package of this name.
@NullMarked
package dev.pvebot.integrations.talos.config;

import org.jspecify.annotations.NullMarked;
