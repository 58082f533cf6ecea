/// Pure decisions about a profile and a fleet: where machines go, which VMIDs they get, which VMs
/// are a cluster's.
///
/// Start at [dev.pvebot.clusters.placement.Placement] and
/// [dev.pvebot.clusters.placement.Membership]. Nothing is read, nothing is random: the same profile
/// and fleet give the same answer, and the answer says why.
@NullMarked
package dev.pvebot.clusters.placement;

import org.jspecify.annotations.NullMarked;
