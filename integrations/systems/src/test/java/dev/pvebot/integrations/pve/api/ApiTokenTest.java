package dev.pvebot.integrations.pve.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.clusters.secret.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTokenTest {
  private static final String UUID = "1b7a0c2e-1111-2222-3333-444455556666";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pvebot@pve!bot\n" + UUID,
        "pvebot@pve!bot=" + UUID,
        "PVEAPIToken=pvebot@pve!bot=" + UUID + "\n",
        "\n pvebot@pve!bot \n\n " + UUID + "\nmade on a Tuesday"
      })
  void bothForms_areRead(String entry) {
    ApiToken token = ApiToken.parse(new Secret(entry));
    assertThat(token.id()).isEqualTo("pvebot@pve!bot");
    assertThat(token.user()).isEqualTo("pvebot@pve");
    assertThat(token.header()).isEqualTo("PVEAPIToken=pvebot@pve!bot=" + UUID);
    assertThat(token.toString()).doesNotContain(UUID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary-1234",
        "canary-1234\n" + UUID,
        "pvebot@pve!bot\ncanary 1234;x",
        "pvebot@pve!bot",
        " \n "
      })
  void anythingElse_isRefused_withoutRepeatingIt(String entry) {
    assertThatThrownBy(() -> ApiToken.parse(new Secret(entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary")
        .hasMessageNotContaining(UUID);
  }

  @Test
  void idOfAnotherRealm_isFine() {
    assertThat(ApiToken.parse(new Secret("ops.bot@pam!ci_1=" + UUID)).user())
        .isEqualTo("ops.bot@pam");
  }
}
