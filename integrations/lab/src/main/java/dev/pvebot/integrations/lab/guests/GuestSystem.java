package dev.pvebot.integrations.lab.guests;

import java.util.Optional;
import java.util.function.Function;

/// An operating system inside a VM, as the hypervisor sees it.
public interface GuestSystem {
  /// Makes the systems of one kind, one for each start of a VM.
  interface Maker extends Function<GuestHardware, GuestSystem> {}

  /// QEMU has started.
  void powerOn();

  /// QEMU is gone; returns when nobody can connect any more.
  void powerOff();

  /// The address that it has taken, once it has booted.
  Optional<String> address();
}
