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
        new MigrateVm(reach, Flavour.VM),
        new MigrateVm(reach, Flavour.CT),
        new StartVm(reach, Flavour.VM),
        new StartVm(reach, Flavour.CT),
        new ShutdownVm(reach, Flavour.VM),
        new ShutdownVm(reach, Flavour.CT),
        new StopVm(reach, Flavour.VM),
        new StopVm(reach, Flavour.CT),
        new RebootVm(reach, Flavour.VM),
        new RebootVm(reach, Flavour.CT),
        new EjectDisc(reach),
        new DeleteVm(reach),
        new VmGone(reach),
        new VmTags(reach),
        new CreateSnapshot(reach, Flavour.VM),
        new CreateSnapshot(reach, Flavour.CT),
        new RollbackSnapshot(reach),
        new DeleteSnapshot(reach),
        new CreateBackup(reach),
        new RestoreBackup(reach),
        new OverwriteVm(reach),
        new DeleteBackup(reach),
        new MoveDisk(reach),
        new DeleteDisk(reach),
        new VmQuiet(reach),
        new VmUnlocked(reach),
        new DownloadImage(reach),
        new DeleteIso(reach),
        new StopTask(reach),
        new CreateVm(reach),
        new ConvertToTemplate(reach));
  }
}
