package dev.pvebot.integrations.lab.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How long things take in lab time. Sizes count in whole and broken GiB.
///
/// A full clone lasts `cloneBase + GiB * clonePerGib`; a stopped guest's local disks move in
/// `migrateBase + GiB * migrateDiskPerGib`; a running guest adds `GiB of memory *
/// migrateMemoryPerGib`; and so on. From these and [LabSlots] the lower bound of any job can be
/// computed.
///
/// @param cloneLinked a linked clone, whatever its size
/// @param shutdown from the wish to power off to the guest being off, when the guest listens
/// @param bootTalos from the start of QEMU to port 50000
/// @param bootGeneric from the start of QEMU to the SSH banner and the guest agent
/// @param haReaction from a request to the HA manager to the task by which the LRM obeys
/// @param rebootGap how long a rebooting guest is seen stopped
/// @param lockTimeout how long PVE waits for a lock before it gives up
/// @param authenticationDelay how late a 401 is answered
/// @param talosNetwork from an accepted configuration, or a kernel's start, to the machine API on
///   the configured address
/// @param talosServices from there to the kubelet
/// @param talosShutdown until a machine's services and file systems are down
/// @param talosReboot from there to the next kernel (kexec)
/// @param talosInstall writing a release to the disk, for installation and upgrade
/// @param talosDrain evicting a node's pods by the machine itself
/// @param imagePull one image that the node has not yet
/// @param etcdStart starting a member that has its data, and bootstrapping the first
/// @param etcdJoin becoming a member: learner, then voter; one at a time
/// @param etcdRecover restoring a snapshot
/// @param kubeApi from a healthy etcd to an API server that answers
/// @param kubelet from kubelet and API server to a node that is Ready
/// @param nodeLost from a kubelet's last word to `NotReady`
/// @param vipMove until another control plane has taken the shared address
public record LabDurations(
    Duration create,
    Duration cloneBase,
    Duration clonePerGib,
    Duration cloneLinked,
    Duration start,
    Duration stop,
    Duration shutdown,
    Duration bootTalos,
    Duration bootGeneric,
    Duration reset,
    Duration suspend,
    Duration resume,
    Duration rebootGap,
    Duration migrateBase,
    Duration migrateDiskPerGib,
    Duration migrateMemoryPerGib,
    Duration resize,
    Duration configWorker,
    Duration moveDiskBase,
    Duration moveDiskPerGib,
    Duration template,
    Duration delete,
    Duration snapshot,
    Duration snapshotMemoryPerGib,
    Duration snapshotDelete,
    Duration rollback,
    Duration backupBase,
    Duration backupPerGib,
    Duration restoreBase,
    Duration restorePerGib,
    Duration download,
    Duration deleteVolume,
    Duration haReaction,
    Duration lockTimeout,
    Duration authenticationDelay,
    Duration talosNetwork,
    Duration talosServices,
    Duration talosShutdown,
    Duration talosReboot,
    Duration talosInstall,
    Duration talosDrain,
    Duration imagePull,
    Duration etcdStart,
    Duration etcdJoin,
    Duration etcdRecover,
    Duration kubeApi,
    Duration kubelet,
    Duration nodeLost,
    Duration vipMove) {

  /// Times of a small cluster on NVMe and 10 Gbit/s.
  public static LabDurations defaults() {
    return new LabDurations(
        seconds(2), // create
        seconds(5), // cloneBase
        seconds(2), // clonePerGib
        seconds(2), // cloneLinked
        seconds(3), // start
        seconds(2), // stop
        seconds(8), // shutdown
        seconds(20), // bootTalos
        seconds(25), // bootGeneric
        seconds(1), // reset
        seconds(2), // suspend
        seconds(1), // resume
        seconds(2), // rebootGap
        seconds(4), // migrateBase
        seconds(2), // migrateDiskPerGib
        seconds(1), // migrateMemoryPerGib
        seconds(1), // resize
        seconds(1), // configWorker
        seconds(3), // moveDiskBase
        seconds(2), // moveDiskPerGib
        seconds(2), // template
        seconds(3), // delete
        seconds(2), // snapshot
        seconds(1), // snapshotMemoryPerGib
        seconds(2), // snapshotDelete
        seconds(3), // rollback
        seconds(5), // backupBase
        seconds(1), // backupPerGib
        seconds(5), // restoreBase
        seconds(2), // restorePerGib
        seconds(10), // download
        seconds(1), // deleteVolume
        seconds(5), // haReaction
        seconds(10), // lockTimeout
        seconds(3), // authenticationDelay
        seconds(3), // talosNetwork
        seconds(8), // talosServices
        seconds(6), // talosShutdown
        seconds(15), // talosReboot
        seconds(25), // talosInstall
        seconds(5), // talosDrain
        seconds(10), // imagePull
        seconds(4), // etcdStart
        seconds(8), // etcdJoin
        seconds(6), // etcdRecover
        seconds(8), // kubeApi
        seconds(12), // kubelet
        seconds(40), // nodeLost
        seconds(2)); // vipMove
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  /// Each duration by its name, in seconds, as the admin API and the benchmarks have them.
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    for (RecordComponent component : LabDurations.class.getRecordComponents()) {
      try {
        Duration value = (Duration) component.getAccessor().invoke(this);
        json.put(component.getName(), value.toMillis() / 1000.0);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("Reading the lab's durations", e);
      }
    }
    return json;
  }

  /// The same with one duration changed, by its name.
  ///
  /// @throws IllegalArgumentException if there is none of this name
  public LabDurations with(String name, Duration value) {
    RecordComponent[] components = LabDurations.class.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    boolean found = false;
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = Duration.class;
        boolean here = components[i].getName().equals(name);
        found |= here;
        values[i] = here ? value : components[i].getAccessor().invoke(this);
      }
      if (!found) {
        throw new IllegalArgumentException(
            "The lab has no duration '%s'; it has %s.".formatted(name, json().keySet()));
      }
      return LabDurations.class.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Changing the lab's duration " + name, e);
    }
  }
}
