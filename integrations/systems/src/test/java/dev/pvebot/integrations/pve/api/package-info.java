/// Tests of this package.
@NullMarked
package dev.pvebot.integrations.pve.api;

import org.jspecify.annotations.NullMarked;
