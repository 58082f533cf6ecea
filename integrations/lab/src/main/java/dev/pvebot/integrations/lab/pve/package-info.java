/// The simulated Proxmox VE cluster. [dev.pvebot.integrations.lab.pve.PveCluster] is the door;
/// state is in Datacenter, one class for each group of endpoints beside it. How a real PVE behaves
/// is its specification; nothing here talks to a network.
@NullMarked
package dev.pvebot.integrations.lab.pve;

import org.jspecify.annotations.NullMarked;
