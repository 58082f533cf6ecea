/// Machines as the network shows them, whatever runs on them. Knows nothing of Proxmox VE; what it
/// needs to know from there it declares ([dev.pvebot.integrations.hosts.AddressOf]).
@NullMarked
package dev.pvebot.integrations.hosts;

import org.jspecify.annotations.NullMarked;
