package dev.pvebot.clusters.fleet;

import dev.pvebot.clusters.Vmid;

/// A snapshot of a guest.
///
/// @param takenAt epoch seconds
/// @param ours whether pvebot made it
public record GuestSnapshot(Vmid vmid, String name, long takenAt, boolean ours) {}
