package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.guests.GuestPorts;
import dev.pvebot.integrations.lab.time.LabClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What runs inside a started VM: it boots, takes an address, opens its port.
///
/// A Talos machine is in maintenance mode on its DHCP address and opens port 50000; its machine API
/// will be plugged in here. Any other machine opens SSH on its cloud-init address.
final class Machine {
  private static final int TALOS_PORT = 50_000;
  private static final String SSH_BANNER = "SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5\r\n";

  private final Datacenter datacenter;
  private final Guest guest;
  private final Volume.Content system;
  private final List<GuestPorts> ports = new ArrayList<>();
  private Optional<LabClock.Timer> boot = Optional.empty();
  private Optional<String> address = Optional.empty();

  Machine(Datacenter datacenter, Guest guest, Volume.Content system) {
    this.datacenter = datacenter;
    this.guest = guest;
    this.system = system;
  }

  void powerOn() {
    if (system == Volume.Content.EMPTY) {
      return;
    }
    var durations = datacenter.config().durations();
    boot =
        Optional.of(
            datacenter
                .clock()
                .after(
                    system == Volume.Content.TALOS
                        ? durations.bootTalos()
                        : durations.bootGeneric(),
                    () -> datacenter.locked(this::booted)));
  }

  void alreadyBooted() {
    if (system != Volume.Content.EMPTY) {
      booted();
    }
  }

  private void booted() {
    String own =
        system == Volume.Content.TALOS
            ? datacenter.dhcpAddress(guest)
            : staticAddress().orElseGet(() -> datacenter.dhcpAddress(guest));
    boolean talos = system == Volume.Content.TALOS;
    int port = talos ? TALOS_PORT : datacenter.config().sshPort();
    address = Optional.of(own);
    try {
      ports.add(new GuestPorts(own, port, talos ? "" : SSH_BANNER));
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
    return address;
  }

  /// Whether a guest agent answers.
  boolean hasAgent() {
    return system == Volume.Content.CLOUD_IMAGE && address.isPresent();
  }

  /// Whether it reacts to the power button.
  boolean listensToPowerButton() {
    return address.isPresent();
  }

  void powerOff() {
    boot.ifPresent(LabClock.Timer::cancel);
    address = Optional.empty();
    for (GuestPorts port : ports) {
      try {
        port.close();
      } catch (IOException e) {
        datacenter.effect("port-stuck", guest, Optional.empty(), String.valueOf(e.getMessage()));
      }
    }
    ports.clear();
  }
}
