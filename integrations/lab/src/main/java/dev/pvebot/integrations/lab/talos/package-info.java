/// Talos machines: each VM that runs Talos gets an address of its own and speaks the machine API
/// there. Start reading in [TalosWorld], then [TalosMachine].
///
/// What a machine does follows Talos 1.9 to 1.13; the facts' sources are named where they matter.
/// Classes of gRPC are touched first when a machine has booted, so that a lab without Talos does
/// not pay for them.
@NullMarked
package dev.pvebot.integrations.lab.talos;

import org.jspecify.annotations.NullMarked;
