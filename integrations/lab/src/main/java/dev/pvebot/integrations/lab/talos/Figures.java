package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.talos.proto.machine.*;

/// A machine's figures, as its API shows them.
final class Figures {
  private Figures() {}

  static VersionResponse version(TalosMachine m) {
    return VersionResponse.newBuilder()
        .addMessages(
            Version.newBuilder()
                .setVersion(
                    VersionInfo.newBuilder()
                        .setTag(m.image().version())
                        .setSha("lab")
                        .setGoVersion("go1.25")
                        .setOs("linux")
                        .setArch("amd64"))
                .setPlatform(
                    PlatformInfo.newBuilder()
                        .setName(m.image().platform())
                        .setMode(m.image().platform().equals("metal") ? "metal" : "cloud"))
                .setFeatures(FeaturesInfo.newBuilder().setRbac(true)))
        .build();
  }

  static HostnameResponse hostname(TalosMachine m) {
    return HostnameResponse.newBuilder()
        .addMessages(Hostname.newBuilder().setHostname(m.hostname()))
        .build();
  }

  static MemoryResponse memory(TalosMachine m) {
    long total = m.hardware().memoryMiB() * 1024;
    return MemoryResponse.newBuilder()
        .addMessages(
            Memory.newBuilder()
                .setMeminfo(
                    MemInfo.newBuilder()
                        .setMemtotal(total)
                        .setMemfree(total * 40 / 100)
                        .setMemavailable(total * 55 / 100)
                        .setBuffers(total / 100)
                        .setCached(total * 15 / 100)))
        .build();
  }

  static LoadAvgResponse loadAvg(TalosMachine m) {
    double load = m.stage() == TalosMachine.Stage.RUNNING ? 0.42 : 1.7;
    return LoadAvgResponse.newBuilder()
        .addMessages(LoadAvg.newBuilder().setLoad1(load).setLoad5(0.38).setLoad15(0.35))
        .build();
  }

  static SystemStatResponse systemStat(TalosMachine m) {
    return SystemStatResponse.newBuilder()
        .addMessages(
            SystemStat.newBuilder()
                .setBootTime(m.bootedAt().getEpochSecond())
                .setCpuTotal(CPUStat.newBuilder().setUser(100).setIdle(900)))
        .build();
  }

  static DiskStatsResponse diskStats(TalosMachine m) {
    long seconds = java.time.Duration.between(m.bootedAt(), m.now()).toSeconds();
    return DiskStatsResponse.newBuilder()
        .addMessages(
            DiskStats.newBuilder()
                .addDevices(DiskStat.newBuilder().setName("sda").setReadCompleted(40 * seconds)))
        .build();
  }

  static MountsResponse mounts(TalosMachine m) {
    long size = m.hardware().diskBytes();
    return MountsResponse.newBuilder()
        .addMessages(
            Mounts.newBuilder()
                .addStats(mount("/dev/sda6", size * 90 / 100, size * 70 / 100, "/var"))
                .addStats(mount("/dev/sda5", 100L << 20, 90L << 20, "/system/state")))
        .build();
  }

  private static MountStat mount(String device, long size, long free, String on) {
    return MountStat.newBuilder()
        .setFilesystem(device)
        .setSize(size)
        .setAvailable(free)
        .setMountedOn(on)
        .build();
  }
}
