/// PVE's worker tasks: waiting for many at the cost of one poll a second for each node
/// ([dev.pvebot.integrations.pve.task.TaskPoller]), and what their lists and logs say.
@NullMarked
package dev.pvebot.integrations.pve.task;

import org.jspecify.annotations.NullMarked;
