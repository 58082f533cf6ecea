/// What the YAML reader promises.
@NullMarked
package dev.pvebot.clusters.yaml;

import org.jspecify.annotations.NullMarked;
