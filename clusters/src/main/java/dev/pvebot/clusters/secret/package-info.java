/// Secrets and the references by which configuration names them. A secret never prints itself.
@NullMarked
package dev.pvebot.clusters.secret;

import org.jspecify.annotations.NullMarked;
