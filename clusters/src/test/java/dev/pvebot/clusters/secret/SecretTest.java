package dev.pvebot.clusters.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
  private static final String CANARY = "canary-7f3a";

  private record Holder(String name, Secret secret) {}

  @Test
  void secret_neverPrintsItself() {
    Secret secret = new Secret(CANARY);

    assertThat("%s".formatted(secret)).isEqualTo("***");
    assertThat(new Holder("x", secret).toString()).doesNotContain(CANARY);
    assertThat(secret.hashCode()).isEqualTo(new Secret("other").hashCode());
    assertThat(secret.reveal()).isEqualTo(CANARY);
  }

  @Test
  void secret_equalsByValue() {
    assertThat(new Secret(CANARY)).isEqualTo(new Secret(CANARY)).isNotEqualTo(new Secret("other"));
    assertThat(new Secret("").isEmpty()).isTrue();
  }

  @Test
  void reference_isReadAndPrintedTheSame() {
    for (String text :
        new String[] {
          "pass:example.net/pve/api-token", "env:SLACK_BOT_TOKEN", "file:/run/secrets/x"
        }) {
      assertThat(SecretRef.parse(text)).hasToString(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {CANARY, "xoxb:" + CANARY, "", "http://" + CANARY})
  void textThatIsNoReference_isNotRepeated(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretRef.parse(text))
        .withMessage(
            "a secret is named by reference: pass:ENTRY, env:VARIABLE or file:PATH (the text found"
                + " is not shown)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pass:",
        "pass:../../etc/shadow",
        "pass:-c",
        "pass:a\nb",
        "env:1X",
        "env:A B",
        "file:",
        "file: "
      })
  void wrongReferences_areRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> SecretRef.parse(text));
  }
}
