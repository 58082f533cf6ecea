package dev.pvebot.integrations.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.clusters.secret.SecretRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretResolverTest {
  private static final String CANARY = "canary-4711-secret";

  @TempDir private Path folder;
  private final Redactor redactor = new Redactor();

  private SecretResolver resolver() {
    return new SecretResolver(
        folder,
        Map.of("TOKEN", CANARY, "EMPTY", "  ", "SHORT", "abc"),
        Duration.ofSeconds(5),
        redactor);
  }

  private Path file(String permissions) throws Exception {
    Path file = folder.resolve("token");
    Files.writeString(file, CANARY + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void env_isRead_andKnownToTheRedactor() throws Exception {
    assertThat(resolver().resolve(new SecretRef.Env("TOKEN")).reveal()).isEqualTo(CANARY);
    assertThat(redactor.redact("it is " + CANARY)).isEqualTo("it is ***");
  }

  @Test
  void env_thatIsNotSet_namesTheVariable() {
    assertThatThrownBy(() -> resolver().resolve(new SecretRef.Env("OTHER")))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessage("env:OTHER: the variable is not set; set OTHER before the bot starts");
  }

  @Test
  void emptyAndTooShort_areRefused_withoutTheValue() {
    assertThatThrownBy(() -> resolver().resolve(new SecretRef.Env("EMPTY")))
        .hasMessageContaining("is empty");
    assertThatThrownBy(() -> resolver().resolve(new SecretRef.Env("SHORT")))
        .hasMessageContaining("shorter than 4 characters")
        .hasMessageNotContaining("abc");
  }

  @Test
  void file_isReadRelativeToTheConfiguration_withoutItsLineBreak() throws Exception {
    file("rw-------");
    assertThat(resolver().resolve(new SecretRef.File("token")).reveal()).isEqualTo(CANARY);
  }

  @Test
  void file_thatOthersCanRead_isRefusedWithAdvice() throws Exception {
    Path file = file("rw-r--r--");
    assertThatThrownBy(() -> resolver().resolve(new SecretRef.File("token")))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("open to others (rw-r--r--)")
        .hasMessageContaining("chmod 600 " + file)
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void file_thatIsMissing_saysWhatToDo() {
    assertThatThrownBy(() -> resolver().resolve(new SecretRef.File("nothing")))
        .hasMessageContaining("is no file")
        .hasMessageContaining("chmod 600");
  }
}
