/// What the readers of the site's files promise.
@NullMarked
package dev.pvebot.clusters.site;

import org.jspecify.annotations.NullMarked;
