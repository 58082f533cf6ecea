/// The machine API of Talos: one client for each node, in normal mode (both sides show
/// certificates) and in maintenance mode (the node's key is pinned once seen). Start at
/// [dev.pvebot.integrations.talos.api.TalosNode]. Nothing here knows clusters or runbooks.
@NullMarked
package dev.pvebot.integrations.talos.api;

import org.jspecify.annotations.NullMarked;
