/// What secrets promise.
@NullMarked
package dev.pvebot.clusters.secret;

import org.jspecify.annotations.NullMarked;
