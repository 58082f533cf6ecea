/// Tests of this package.
@NullMarked
package dev.pvebot.integrations.pve.task;

import org.jspecify.annotations.NullMarked;
