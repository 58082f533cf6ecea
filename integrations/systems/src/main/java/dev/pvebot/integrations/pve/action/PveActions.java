package dev.pvebot.integrations.pve.action;

import dev.pvebot.runbooks.action.Action;
import java.util.List;

/// Every action that works on Proxmox VE.
public final class PveActions {
  private PveActions() {}

  public static List<Action<?, ?>> all(Reach reach) {
    return List.of(
        new CloneVm(reach),
        new ConfigureVm(reach),
        new ResizeDisk(reach),
        new MigrateVm(reach),
        new StartVm(reach),
        new ShutdownVm(reach),
        new StopVm(reach),
        new RebootVm(reach),
        new DeleteVm(reach),
        new VmGone(reach),
        new VmTags(reach),
        new CreateSnapshot(reach),
        new RollbackSnapshot(reach),
        new DeleteSnapshot(reach),
        new CreateBackup(reach));
  }
}
