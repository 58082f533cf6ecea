package dev.pvebot.integrations.talos.factory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The ids are those of the factory's own tests and documentation.
class SchematicTest {
  @Test
  void ids_areTheFactorys() {
    assertThat(Schematic.of(List.of()).id())
        .isEqualTo("376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba");
    assertThat(new Schematic(List.of("noapic", "nolapic"), List.of()).id())
        .isEqualTo("9cba8e32753f91a16c1837ab8abf356af021706ef284aef07380780177d9a06c");
    assertThat(Schematic.of(List.of("siderolabs/qemu-guest-agent")).id())
        .isEqualTo("ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515");
    assertThat(Schematic.of(List.of("siderolabs/iscsi-tools", "siderolabs/util-linux-tools")).id())
        .isEqualTo("613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245");
  }

  @Test
  void anotherOrder_isAnotherId() {
    assertThat(Schematic.of(List.of("siderolabs/a", "siderolabs/b")).id())
        .isNotEqualTo(Schematic.of(List.of("siderolabs/b", "siderolabs/a")).id());
  }

  @Test
  void whatGoYamlWouldQuote_isRefused_ratherThanMisspelt() {
    Schematic odd = new Schematic(List.of("yes"), List.of());
    assertThatThrownBy(odd::id).hasMessageContaining("'yes'");
  }

  @Test
  void installer_isThatOfThePlatform_since110() {
    URI factory = URI.create("https://factory.talos.dev");
    assertThat(new ImageNames(factory, "nocloud", "abc", "1.12.4").installer())
        .isEqualTo("factory.talos.dev/nocloud-installer/abc:v1.12.4");
    assertThat(new ImageNames(factory, "nocloud", "abc", "1.9.6").installer())
        .isEqualTo("factory.talos.dev/installer/abc:v1.9.6");
    assertThat(new ImageNames(factory, "nocloud", "abc", "1.12.4").qcow2())
        .hasToString("https://factory.talos.dev/image/abc/v1.12.4/nocloud-amd64.qcow2");
  }
}
