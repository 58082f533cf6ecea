/// Tests of this package.
@NullMarked
package dev.pvebot.integrations.pve.action;

import org.jspecify.annotations.NullMarked;
