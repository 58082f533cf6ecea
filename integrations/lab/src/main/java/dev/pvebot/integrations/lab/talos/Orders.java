package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.faults.MachineFault;
import dev.pvebot.integrations.lab.talos.Sequence.Phase;
import dev.pvebot.integrations.lab.talos.Services.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What people make a machine do: reboot, shutdown, upgrade, rollback, reset. One at a time.
/// Guarded by the world.
final class Orders {
  private final TalosWorld world;
  private final TalosMachine machine;
  private boolean busy;

  Orders(TalosWorld world, TalosMachine machine) {
    this.world = world;
    this.machine = machine;
  }

  /// The machine has stopped, and what it was doing with it.
  void forget() {
    busy = false;
  }

  /// Whether a sequence runs that excludes others.
  boolean isBusy() {
    return busy;
  }

  private List<Phase> goingDown() {
    return new ArrayList<>(
        List.of(
            Phase.of("cleanup", "stopAllPods"),
            Phase.of("dbus", "stopDBus"),
            new Phase(
                "stopServices",
                "stopServicesForUpgrade",
                world.durations().talosShutdown(),
                () -> {
                  machine.services().stopAll();
                  machine.cluster().ifPresent(c -> c.stopped(machine));
                }),
            Phase.of("unmount", "unmountPodMounts"),
            Phase.of("unmountSystem", "unmountEphemeralPartition"),
            Phase.of("volumeFinalize", "teardownLifecycle")));
  }

  private void start(
      String sequence, String actor, TalosMachine.Stage during, List<Phase> phases, Runnable end) {
    busy = true;
    machine.stage(during, List.of());
    Sequence.run(machine, sequence, actor, phases, end, _ -> machine.reboot(sequence));
  }

  /// Holds the machine busy with one work that is no sequence.
  void begin(Duration time, Runnable end) {
    if (busy) {
      throw Answers.error(
          io.grpc.Status.FAILED_PRECONDITION,
          "another installation/upgrade is already in progress");
    }
    busy = true;
    machine.after(
        time,
        () -> {
          busy = false;
          end.run();
        });
  }

  void reboot(String actor, boolean force) {
    List<Phase> phases = force ? new ArrayList<>() : goingDown();
    phases.add(Phase.of("stopEverything", "stopAllServices"));
    phases.add(Phase.of("reboot", "reboot"));
    start("reboot", actor, TalosMachine.Stage.REBOOTING, phases, () -> machine.reboot("reboot"));
  }

  void shutdown(String actor) {
    List<Phase> phases = goingDown();
    phases.add(Phase.of("shutdown", "shutdown"));
    start(
        "shutdown",
        actor,
        TalosMachine.Stage.SHUTTING_DOWN,
        phases,
        () -> {
          machine.effect("shutdown", "");
          machine.hardware().powerOff().run();
        });
  }

  void upgrade(String actor, TalosImage image) {
    List<Phase> phases = new ArrayList<>();
    phases.add(
        new Phase("drain", "cordonAndDrainNode", world.durations().talosDrain(), this::drain));
    phases.addAll(goingDown());
    phases.add(new Phase("upgrade", "upgrade", installTime(), () -> write(image)));
    phases.add(Phase.of("meta", "reloadMeta"));
    phases.add(Phase.of("kexec", "kexecPrepare"));
    phases.add(Phase.of("stopEverything", "stopAllServices"));
    phases.add(Phase.of("reboot", "reboot"));
    start("upgrade", actor, TalosMachine.Stage.UPGRADING, phases, () -> machine.reboot("upgrade"));
  }

  void stageUpgrade(String actor, TalosImage image) {
    machine.disk.stagedUpgrade = Optional.of(image);
    reboot(actor, false);
  }

  void rollback(String actor) {
    machine.disk.flip();
    machine.effect("rolled-back", machine.disk.current.toString());
    reboot(actor, false);
  }

  void reset(String actor, boolean graceful, boolean rebootAfter, Runnable wipe) {
    List<Phase> phases = new ArrayList<>();
    if (graceful) {
      phases.add(
          new Phase("drain", "cordonAndDrainNode", world.durations().talosDrain(), this::drain));
      phases.add(new Phase("leave", "leaveEtcd", Duration.ZERO, this::leaveEtcd));
    }
    phases.addAll(goingDown());
    phases.add(new Phase("reset", "resetSystemDisk", Duration.ZERO, wipe));
    phases.add(Phase.of("stopEverything", "stopAllServices"));
    start(
        "reset",
        actor,
        TalosMachine.Stage.RESETTING,
        phases,
        () -> {
          machine.effect("reset", "");
          if (rebootAfter) {
            machine.reboot("reset");
          } else {
            machine.hardware().powerOff().run();
          }
        });
  }

  private void drain() {
    machine
        .nodeName()
        .ifPresent(node -> machine.cluster().ifPresent(c -> c.kubernetes().drain(node)));
  }

  /// The member takes itself out of its cluster and forgets its data.
  void leaveEtcd() {
    machine.disk.etcd.ifPresent(data -> {
      data.cluster().remove(data.member());
      machine.effect("etcd-left", "%016x".formatted(data.member()));
    });
    machine.disk.etcd = Optional.empty();
    machine.etcdIsGone();
    machine.services().set("etcd", State.FINISHED, false, "Service finished successfully");
    machine.cluster().ifPresent(TalosCluster::settle);
  }

  /// How long the next writing of a release takes.
  Duration installTime() {
    Duration time = world.durations().talosInstall();
    return machine
        .fault(MachineFault.SlowDisk.class)
        .map(slow -> Duration.ofMillis((long) (time.toMillis() * slow.factor())))
        .orElse(time);
  }

  /// Writes a release to the other slot.
  ///
  /// @throws Sequence.Failed as the installer fails
  void write(TalosImage image) {
    if (machine.fault(MachineFault.DiskFull.class).isPresent()) {
      machine.kernel("[talos] failed to write: /boot/B/vmlinuz: no space left on device");
      machine.effect("install-failed", "no space left on device");
      throw new Sequence.Failed("exit code 1");
    }
    Optional<String> refusal = Releases.refusal(machine.image(), image);
    if (refusal.isPresent() && machine.disk.installed) {
      machine.kernel("[talos] pre-flight checks failed: " + refusal.get());
      throw new Sequence.Failed("exit code 1");
    }
    machine.disk.write(
        machine.image(), image, machine.fault(MachineFault.WrongImage.class).isPresent());
    machine.effect("installed", image.toString());
  }
}
