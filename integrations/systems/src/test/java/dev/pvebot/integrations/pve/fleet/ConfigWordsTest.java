package dev.pvebot.integrations.pve.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.fleet.GuestDetail;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ConfigWordsTest {
  @Test
  void disks_areListed_withoutCdRomsAndCloudInit() {
    Map<String, String> config =
        Map.of(
            "scsi0", "local-lvm:vm-101-disk-0,discard=on,size=32G",
            "scsi1", "local-lvm:vm-101-cloudinit,media=cdrom",
            "ide2", "local:iso/talos.iso,media=cdrom,size=100M",
            "ide3", "none,media=cdrom",
            "efidisk0", "local:101/vm-101-disk-1.qcow2,efitype=4m,size=528K",
            "unused0", "nfs:101/vm-101-disk-3.raw",
            "boot", "order=ide2;scsi0;net0");
    assertThat(ConfigWords.disks(config))
        .containsExactly(
            new GuestDetail.Disk("efidisk0", "local", "local:101/vm-101-disk-1.qcow2", 528 << 10),
            new GuestDetail.Disk("scsi0", "local-lvm", "local-lvm:vm-101-disk-0", 32L << 30),
            new GuestDetail.Disk("unused0", "nfs", "nfs:101/vm-101-disk-3.raw", 0));
    assertThat(ConfigWords.bootDisk(config).orElseThrow().key()).isEqualTo("scsi0");
  }

  @Test
  void sizes_areReadInPvesUnits() {
    assertThat(ConfigWords.bytes("1.5G")).contains(3L << 29);
    assertThat(ConfigWords.bytes("528K")).contains(528L << 10);
    assertThat(ConfigWords.bytes("10737418240")).contains(10L << 30);
    assertThat(ConfigWords.bytes("2T")).contains(2L << 40);
    assertThat(ConfigWords.bytes("lots")).isEmpty();
  }

  @Property
  void size_isReadBackAsItWasWritten(@ForAll @LongRange(min = 1, max = 1L << 50) long bytes) {
    assertThat(ConfigWords.bytes(ConfigWords.size(bytes))).contains(bytes);
  }
}
