/// What placement and membership promise.
@NullMarked
package dev.pvebot.clusters.placement;

import org.jspecify.annotations.NullMarked;
