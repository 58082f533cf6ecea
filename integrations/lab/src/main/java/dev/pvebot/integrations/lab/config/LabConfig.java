package dev.pvebot.integrations.lab.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// What a lab is like before it starts.
///
/// @param subnet the first three numbers of the lab's /24 inside 127/8, `127.10.0`
/// @param port of PVE's API on each node; 0 takes a free one for each
/// @param speed seconds of lab time in a second of the wall; ignored when `stepped`
/// @param stepped whether the clock moves only when it is told to
/// @param sshPort where guests answer SSH
/// @param broadcast how often `cluster/resources` is refreshed (10 s in the field); zero: always
///   fresh
/// @param directory for the ledger's file, if one is wanted
/// @param adminPort of the admin API on 127.0.0.1; 0 takes a free one
/// @param populated whether the sample guests exist; the two templates always do
/// @param startsAt what the lab's clock shows at the start; empty: the wall's time
/// @param talosImage what the Talos template's disk was written with, as
///   `PLATFORM/VERSION/SCHEMATIC`
public record LabConfig(
    String clusterName,
    List<NodeSpec> nodes,
    String subnet,
    int port,
    PveVersion version,
    double speed,
    boolean stepped,
    LabDurations durations,
    LabSlots slots,
    int sshPort,
    Duration broadcast,
    Optional<Path> directory,
    int adminPort,
    boolean populated,
    Optional<Instant> startsAt,
    String talosImage) {

  public LabConfig {
    nodes = List.copyOf(nodes);
    if (!subnet.matches("127(\\.\\d{1,3}){2}")) {
      throw new IllegalArgumentException(
          "The lab's subnet '%s' must be the first three numbers of a /24 in 127/8, as 127.10.0."
              .formatted(subnet));
    }
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("A lab needs at least one node.");
    }
  }

  /// The example site at the wall's speed: three nodes on 127.10.0.11 to .13, port 8006.
  public static LabConfig defaults() {
    return new LabConfig(
        "annarchy.net",
        List.of(NodeSpec.of("pve01", 11), NodeSpec.of("pve02", 12), NodeSpec.of("pve03", 13)),
        "127.10.0",
        8006,
        PveVersion.V9_1,
        1,
        false,
        LabDurations.defaults(),
        LabSlots.defaults(),
        22,
        Duration.ZERO,
        Optional.empty(),
        0,
        true,
        Optional.empty(),
        "nocloud/v1.12.4/ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515");
  }

  /// A lab for one test beside others: a /24 of its own that nobody listens on, 50 times the wall's
  /// speed.
  public static LabConfig isolated() {
    return defaults().withSubnet(freeSubnet()).withSpeed(50);
  }

  private static String freeSubnet() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int attempt = 0; attempt < 50; attempt++) {
      String subnet = "127.%d.%d".formatted(random.nextInt(11, 250), random.nextInt(0, 255));
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(InetAddress.getByName(subnet + ".11"), 8006));
        return subnet;
      } catch (IOException _) {
        continue;
      }
    }
    throw new IllegalStateException(
        "None of 50 random subnets in 127/8 has port 8006 free; are labs left running?");
  }

  public String address(int host) {
    return subnet + "." + host;
  }

  public LabConfig withClusterName(String name) {
    return new LabConfig(
        name,
        nodes,
        subnet,
        port,
        version,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withNodes(NodeSpec... specs) {
    return new LabConfig(
        clusterName,
        List.of(specs),
        subnet,
        port,
        version,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withSubnet(String first3) {
    return new LabConfig(
        clusterName,
        nodes,
        first3,
        port,
        version,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withPort(int number) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        number,
        version,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withVersion(PveVersion release) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        release,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withSpeed(double factor) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        factor,
        false,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  /// The clock stands still until `Lab.clock().advance(…)`.
  public LabConfig withSteppedClock() {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        1,
        true,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withDurations(LabDurations times) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        speed,
        stepped,
        times,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withSlots(LabSlots atOnce) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        speed,
        stepped,
        durations,
        atOnce,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withSshPort(int number) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        speed,
        stepped,
        durations,
        slots,
        number,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withBroadcast(Duration interval) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        interval,
        directory,
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withDirectory(Path path) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        broadcast,
        Optional.of(path),
        adminPort,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withAdminPort(int number) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        number,
        populated,
        startsAt,
        talosImage);
  }

  public LabConfig withoutSampleGuests() {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        false,
        startsAt,
        talosImage);
  }

  /// The clock shows this at the start.
  public LabConfig startingAt(Instant instant) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        Optional.of(instant),
        talosImage);
  }

  /// Another image on the Talos template's disk, as `nocloud/v1.13.9/SCHEMATIC`.
  public LabConfig withTalosImage(String image) {
    return new LabConfig(
        clusterName,
        nodes,
        subnet,
        port,
        version,
        speed,
        stepped,
        durations,
        slots,
        sshPort,
        broadcast,
        directory,
        adminPort,
        populated,
        startsAt,
        image);
  }
}
