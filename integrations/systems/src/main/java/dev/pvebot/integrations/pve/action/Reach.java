package dev.pvebot.integrations.pve.action;

import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.fleet.GuestReader;
import dev.pvebot.integrations.pve.fleet.VmidAbsence;
import dev.pvebot.integrations.pve.task.NodeTasks;
import java.time.InstantSource;

/// What every action sees and calls PVE with.
///
/// @param clock the one that the engine journals by
public record Reach(
    PveCaller caller,
    GuestReader guests,
    VmidAbsence absence,
    NodeTasks tasks,
    InstantSource clock) {

  public static Reach of(PveCaller caller, InstantSource clock) {
    return new Reach(
        caller, new GuestReader(caller), new VmidAbsence(caller), new NodeTasks(caller), clock);
  }
}
