/// Which versions of Talos and Kubernetes go together, and the way from one pair to another. The
/// rules are data. Start at [dev.pvebot.integrations.talos.upgrade.UpgradePath].
@NullMarked
package dev.pvebot.integrations.talos.upgrade;

import org.jspecify.annotations.NullMarked;
