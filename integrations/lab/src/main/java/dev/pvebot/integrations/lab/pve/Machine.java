package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.guests.GuestHardware;
import dev.pvebot.integrations.lab.guests.GuestPorts;
import dev.pvebot.integrations.lab.guests.GuestSystem;
import dev.pvebot.integrations.lab.time.LabClock;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/// What runs inside a started VM: it boots, takes an address, opens its port.
///
/// A Talos machine is a system of its own (see `lab.talos`). Any other machine opens SSH on its
/// cloud-init address.
final class Machine {
  private static final String SSH_BANNER = "SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5\r\n";

  private final Datacenter datacenter;
  private final Guest guest;
  private final Volume.Content system;
  private final Optional<GuestSystem> talos;
  private Optional<GuestPorts> ssh = Optional.empty();
  private Optional<LabClock.Timer> boot = Optional.empty();
  private Optional<String> address = Optional.empty();

  Machine(Datacenter datacenter, Guest guest, Volume.Content system) {
    this.datacenter = datacenter;
    this.guest = guest;
    this.system = system;
    this.talos =
        system.kind() == Volume.Content.Kind.TALOS
            ? Optional.of(datacenter.talos().apply(hardware()))
            : Optional.empty();
  }

  private GuestHardware hardware() {
    String uuid = guest.uuid();
    return new GuestHardware(
        guest.vmid,
        uuid,
        guest.name(),
        guest.get("net0").map(Network::mac).orElse("").toLowerCase(Locale.ROOT),
        datacenter.dhcpAddress(guest),
        guest.cpus(),
        (long) guest.memoryMiB(),
        GuestView.maxDisk(datacenter, guest),
        system.image(),
        () -> datacenter.later(java.time.Duration.ZERO, this::powerOffItself),
        (what, detail) ->
            datacenter.record(what, guest.vmid, uuid, guest.node, Optional.empty(), detail));
  }

  private void powerOffItself() {
    if (guest.machine.filter(this::equals).isPresent()) {
      datacenter.powerOff(guest, Optional.empty(), "powered-itself-off");
    }
  }

  void powerOn() {
    if (talos.isPresent()) {
      talos.get().powerOn();
    } else if (!system.isEmpty()) {
      boot =
          Optional.of(
              datacenter
                  .clock()
                  .after(
                      datacenter.config().durations().bootGeneric(),
                      () -> datacenter.locked(this::booted)));
    }
  }

  void alreadyBooted() {
    if (talos.isPresent()) {
      talos.get().powerOn();
    } else if (!system.isEmpty()) {
      booted();
    }
  }

  private void booted() {
    String own = staticAddress().orElseGet(() -> datacenter.dhcpAddress(guest));
    int port = datacenter.config().sshPort();
    address = Optional.of(own);
    try {
      ssh = Optional.of(new GuestPorts(own, port, SSH_BANNER));
      datacenter.effect("booted", guest, Optional.empty(), own + ":" + port);
    } catch (IOException e) {
      datacenter.effect(
          "boot-without-network", guest, Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> staticAddress() {
    return guest
        .get("ipconfig0")
        .flatMap(text ->
            java.util.Arrays.stream(text.split(",", -1))
                .filter(p -> p.startsWith("ip=") && p.contains("/"))
                .map(p -> p.substring(3, p.indexOf('/')))
                .findFirst());
  }

  /// The address that it has taken, once it has booted.
  Optional<String> address() {
    return talos.isPresent() ? talos.get().address() : address;
  }

  /// Whether a guest agent answers.
  boolean hasAgent() {
    return system.kind() == Volume.Content.Kind.CLOUD_IMAGE && address.isPresent();
  }

  /// Whether it reacts to the power button.
  boolean listensToPowerButton() {
    return address().isPresent();
  }

  void powerOff() {
    boot.ifPresent(LabClock.Timer::cancel);
    talos.ifPresent(GuestSystem::powerOff);
    address = Optional.empty();
    ssh.ifPresent(port -> {
      try {
        port.close();
      } catch (IOException e) {
        datacenter.effect("port-stuck", guest, Optional.empty(), String.valueOf(e.getMessage()));
      }
    });
    ssh = Optional.empty();
  }
}
