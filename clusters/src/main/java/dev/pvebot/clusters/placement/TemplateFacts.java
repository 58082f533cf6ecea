package dev.pvebot.clusters.placement;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;

/// What must be known of a template to plan clones of it.
///
/// @param node where it is; a clone begins there
/// @param storage of its boot disk
/// @param diskBytes size of its boot disk; a clone's disk can grow but not shrink
public record TemplateFacts(Vmid vmid, NodeName node, String storage, long diskBytes) {}
