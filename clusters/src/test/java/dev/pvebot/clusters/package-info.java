/// What the small types promise.
@NullMarked
package dev.pvebot.clusters;

import org.jspecify.annotations.NullMarked;
