package dev.pvebot.clusters.fleet;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;

/// A backup of a guest, which may be gone itself.
///
/// @param volid PVE's volume id, `pbs:backup/vm/101/2026-01-31T02:00:05Z`
/// @param node a node that sees it
/// @param madeAt epoch seconds
/// @param isProtected whether PVE refuses to remove it
/// @param ours whether pvebot made it
public record Backup(
    Vmid vmid,
    String volid,
    String storage,
    NodeName node,
    long madeAt,
    long sizeBytes,
    boolean isProtected,
    boolean ours) {}
