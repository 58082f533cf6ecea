package dev.pvebot.bot.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each transcript file is played: what the bot shows must be what the file says.
///
/// `-Dgolden=write` writes the files anew (look at the difference before you commit it);
/// `-Dtranscript=gates/` plays only those whose path contains that.
@Execution(ExecutionMode.CONCURRENT)
class TranscriptTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/pvebot/bot/transcript");

  @TempDir Path folder;

  static List<Path> files() throws IOException {
    String only = System.getProperty("transcript", "");
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".txt"))
          .map(FOLDER::relativize)
          .filter(file -> file.toString().contains(only))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void transcript_isWhatItWas(Path name) throws IOException, InterruptedException {
    Path file = FOLDER.resolve(name);
    String expected = Files.readString(file);
    Transcript transcript = Transcript.parse(expected);
    String actual;
    try (Stage stage = Stage.set(folder, transcript.settings())) {
      actual = new Play(stage).of(transcript);
    }
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(file, actual);
    }
    assertThat(actual)
        .as("%s (rewrite with -Dgolden=write)", file)
        .isEqualTo(Files.readString(file));
  }
}
