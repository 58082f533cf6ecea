/// The fleet as it was seen at one moment: nodes, guests, storages. Data only; who reads it from
/// Proxmox VE lives in another room.
@NullMarked
package dev.pvebot.clusters.fleet;

import org.jspecify.annotations.NullMarked;
