package dev.pvebot.integrations.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Expected screens in files beside the tests. `-Dgolden=write` writes them anew: look at the
/// difference before you commit it.
final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/dev/pvebot/integrations/console");

  private Golden() {}

  static void check(String name, String actual) {
    Path file = FOLDER.resolve(name);
    try {
      if ("write".equals(System.getProperty("golden"))) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, actual);
      }
      assertThat(actual)
          .as("%s (rewrite with -Dgolden=write)", file)
          .isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
