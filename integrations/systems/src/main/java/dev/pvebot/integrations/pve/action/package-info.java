/// What runbooks can have done in Proxmox VE, one class for each action;
/// [dev.pvebot.integrations.pve.action.PveActions] lists them. What they share is in
/// [dev.pvebot.integrations.pve.action.GuestAction].
@NullMarked
package dev.pvebot.integrations.pve.action;

import org.jspecify.annotations.NullMarked;
