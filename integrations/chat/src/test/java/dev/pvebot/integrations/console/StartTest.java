package dev.pvebot.integrations.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A `say` from a script pays for no terminal.
class StartTest {
  @Test
  void cardsWithoutATerminal_doNotLoadJLine() throws Exception {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String withoutJLine =
        Stream.of(classes.split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("jline"))
            .collect(Collectors.joining(File.pathSeparator));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(List.of(java, "-cp", withoutJLine, PlainMain.class.getName()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("Confirm: approve 42 7c1e90", "\"type\":\"card\"");
    assertThat(withoutJLine).isNotEqualTo(classes);
  }
}
