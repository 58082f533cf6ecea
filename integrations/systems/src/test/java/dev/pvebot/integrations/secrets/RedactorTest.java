package dev.pvebot.integrations.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pvebot.clusters.secret.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RedactorTest {
  private static final String CANARY = "k4n/ar\"y=+ v&gel<9>";

  private static Redactor knowing(String secret) {
    Redactor redactor = new Redactor();
    redactor.learn(new Secret(secret));
    return redactor;
  }

  @Test
  void text_withoutSecrets_staysAsItIs() {
    assertThat(knowing(CANARY).redact("VM 1051 ts01 on pve01")).isEqualTo("VM 1051 ts01 on pve01");
  }

  @Test
  void everyFormInWhichItTravels_isTakenOut() throws JsonProcessingException {
    Redactor redactor = knowing(CANARY);
    String url = URLEncoder.encode(CANARY, StandardCharsets.UTF_8);
    String basic =
        Base64.getEncoder().encodeToString(("alice:" + CANARY).getBytes(StandardCharsets.UTF_8));
    assertThat(redactor.redact("Authorization: " + CANARY + "!")).isEqualTo("Authorization: ***!");
    assertThat(redactor.redact("?token=" + url)).isEqualTo("?token=***");
    assertThat(redactor.redact("?token=" + url.replace("+", "%20"))).isEqualTo("?token=***");
    assertThat(redactor.redact("Basic " + basic)).doesNotContain(basic.substring(12, 30));
    assertThat(redactor.redact(new ObjectMapper().writeValueAsString(Map.of("t", CANARY))))
        .isEqualTo("{\"t\":\"***\"}");
    assertThat(redactor.redact("k4n/ar&quot;y=+ v&amp;gel&lt;9&gt;")).isEqualTo("***");
  }

  @Test
  void pveToken_losesItsSecretHalf_andKeepsItsId() {
    Redactor twoLines = knowing("pvebot@pve!bot\n1b7a0c2e-1111-2222-3333-444455556666");
    assertThat(
            twoLines.redact(
                "UPID:pve01:00:00:00:qmstart:101:pvebot@pve!bot:"
                    + " 1b7a0c2e-1111-2222-3333-444455556666"))
        .isEqualTo("UPID:pve01:00:00:00:qmstart:101:pvebot@pve!bot: ***");
    Redactor oneLine = knowing("pvebot@pve!bot=1b7a0c2e-1111-2222-3333-444455556666");
    assertThat(oneLine.redact("secret 1b7a0c2e-1111-2222-3333-444455556666"))
        .isEqualTo("secret ***");
  }

  @Test
  void keyOfManyLines_isTakenOutLineByLine() {
    Redactor redactor =
        knowing(
            "-----BEGIN PRIVATE KEY-----\n"
                + "MIIEvQIBADANBgkq\n"
                + "hkiG9w0BAQEFAASC\n"
                + "-----END PRIVATE KEY-----");
    assertThat(redactor.redact("line 2 is hkiG9w0BAQEFAASC, after -----BEGIN PRIVATE KEY-----"))
        .isEqualTo("line 2 is ***, after -----BEGIN PRIVATE KEY-----");
  }

  @Property
  void noSecretSurvives_whereverItStands(
      @ForAll
          @StringLength(min = 8, max = 40)
          @AlphaChars
          @Chars({'0', '/', '+', '=', '"', '\\', '%', ' ', 'é'})
          String secret,
      @ForAll @StringLength(max = 20) @AlphaChars String before) {
    String stripped = secret.strip();
    org.junit.jupiter.api.Assumptions.assumeTrue(stripped.length() >= 8);
    Redactor redactor = knowing(stripped);
    String encoded =
        Base64.getEncoder()
            .encodeToString((before + stripped + "tail").getBytes(StandardCharsets.UTF_8));
    assertThat(redactor.redact(before + stripped + "tail")).doesNotContain(stripped);
    String clean = redactor.redact(encoded);
    assertThat(clean).contains("***");
  }
}
