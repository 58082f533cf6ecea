/// One caller of PVE's REST API ([dev.pvebot.integrations.pve.api.PveCaller]): token, TLS, failover
/// between nodes, timeouts, and failures that say what happened
/// ([dev.pvebot.integrations.pve.api.PveFailure]). Knows no endpoint.
@NullMarked
package dev.pvebot.integrations.pve.api;

import org.jspecify.annotations.NullMarked;
