/// What PVE says there is: the whole fleet ([dev.pvebot.integrations.pve.fleet.FleetReader], with
/// [dev.pvebot.integrations.pve.fleet.FleetCache] before it), one guest, whether a VMID is really
/// free. Reads only.
@NullMarked
package dev.pvebot.integrations.pve.fleet;

import org.jspecify.annotations.NullMarked;
