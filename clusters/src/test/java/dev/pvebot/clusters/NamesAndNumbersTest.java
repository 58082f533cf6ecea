package dev.pvebot.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesAndNumbersTest {
  @Test
  void vmid_takesProxmoxsRangeOnly() {
    assertThat(Vmid.parse("100")).isEqualTo(new Vmid(100));
    assertThat(Vmid.parse("999999999")).hasToString("999999999");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Vmid(99))
        .withMessage("VMID 99 is impossible; Proxmox VE numbers guests from 100 to 999999999");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1e3", "-100", "1 000", "1000000000", "99", "١٢٣"})
  void vmid_refusesOtherText(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Vmid.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a-", "a_b", "a.b", "a b", "../x"})
  void names_refuseWhatIsNoHostLabel(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new NodeName(text));
    assertThatIllegalArgumentException().isThrownBy(() -> new ClusterName(text));
  }

  @Test
  void clusterName_isLowerCase_nodeNameNeedNot() {
    assertThat(new NodeName("PVE1")).hasToString("PVE1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClusterName("Staging"))
        .withMessage(
            "'Staging' is no cluster name; expected lower-case letters, digits and inner hyphens");
  }

  @Test
  void upid_showsItsParts() {
    Upid upid = new Upid("UPID:alpha1:0001A2B3:00ABCDEF:65A0B1C2:qmclone:101:ops@pve!bot:");

    assertThat(upid.node()).isEqualTo(new NodeName("alpha1"));
    assertThat(upid.type()).isEqualTo("qmclone");
    assertThat(upid.id()).contains("101");
    assertThat(upid.user()).isEqualTo("ops@pve!bot");
    assertThat(upid.startedAt()).isEqualTo(Instant.ofEpochSecond(0x65A0B1C2L));
  }

  @Test
  void upid_mayHaveNoId_andRefusesRubbish() {
    assertThat(new Upid("UPID:a:00000001:00000002:00000003:imgcopy::root@pam:").id()).isEmpty();
    assertThat(Upid.isUpid("UPID:a:1:2:3:x:y:z:")).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> new Upid("OK"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "10.0.0.51", "255.255.255.255", "fd00::1", "::1"})
  void ipAddress_readsLiterals(String text) {
    assertThat(IpAddress.parse(text).bits()).isEqualTo(text.contains(":") ? 128 : 32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.1",
        "10.0.0.256",
        "010.0.0.1",
        "1.2.3.4.5",
        "localhost",
        "::g",
        "1",
        "fe80::1%eth0",
        ""
      })
  void ipAddress_neverLooksUpANameNorGuesses(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.parse(text));
  }

  @Test
  void ipAddress_isOneHoweverWritten() {
    assertThat(IpAddress.parse("fd00:0::1")).isEqualTo(IpAddress.parse("FD00::0001"));
    assertThat(IpAddress.parse("10.0.0.9")).isLessThan(IpAddress.parse("10.0.0.200"));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.244.0.0/16, true",
    "10.244.0.0/16, 10.0.0.0/8, true",
    "10.96.0.0/12, 10.111.255.0/24, true",
    "10.96.0.0/12, 10.112.0.0/12, false",
    "0.0.0.0/0, 192.168.7.0/24, true",
    "fd00::/8, fd12::/16, true",
    "0.0.0.0/0, fd00::/8, false"
  })
  void cidr_overlap(String one, String two, boolean overlap) {
    assertThat(Cidr.parse(one).overlaps(Cidr.parse(two))).isEqualTo(overlap);
    assertThat(Cidr.parse(two).overlaps(Cidr.parse(one))).isEqualTo(overlap);
  }

  @Test
  void cidr_namesTheNetworkThatWasMeant() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cidr.parse("10.0.0.51/25"))
        .withMessage("10.0.0.51/25 has bits behind its prefix; the network is 10.0.0.0/25");
    assertThat(Cidr.around(IpAddress.parse("10.0.0.200"), 25)).hasToString("10.0.0.128/25");
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse("10.0.0.0/33"));
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse("10.0.0.0"));
  }

  @Test
  void macAddress_isUpperCaseAndUnicast() {
    assertThat(new MacAddress("02:54:00:00:01:5a")).hasToString("02:54:00:00:01:5A");
    assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress("02-54-00-00-01-51"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MacAddress("03:54:00:00:01:51"))
        .withMessageContaining("multicast");
  }
}
