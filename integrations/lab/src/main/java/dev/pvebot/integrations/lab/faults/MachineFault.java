package dev.pvebot.integrations.lab.faults;

/// What can go wrong inside a Talos machine. A fault meets the next event of its kind and is then
/// spent.
public sealed interface MachineFault {
  /// The next reboot does not end: the machine stays dark until its power is cycled.
  record NeverComesBack() implements MachineFault {}

  /// The release that is written next does not boot; the boot loader goes back to the one before.
  record WrongImage() implements MachineFault {}

  /// From the next boot on the card has another name.
  record LinkRenamed(String name) implements MachineFault {}

  /// Nothing is written by the next installation: no space left.
  record DiskFull() implements MachineFault {}

  /// The next installation takes `factor` times as long.
  record SlowDisk(double factor) implements MachineFault {}

  /// The machine API's certificate is over, from its next issue on (boot or applied configuration).
  record CertificateExpired() implements MachineFault {}

  /// etcd dies on this machine and does not start until its next boot.
  record EtcdDead() implements MachineFault {}
}
