/// Proxmox VE: the client and everything that is built on it. Start at
/// [dev.pvebot.integrations.pve.Pve], the parts list.
///
/// `api` speaks HTTP and makes failures readable, `fleet` reads what there is, `task` waits for
/// workers, `check` says what is wrong with access, `action` holds what runbooks can call.
@NullMarked
package dev.pvebot.integrations.pve;

import org.jspecify.annotations.NullMarked;
