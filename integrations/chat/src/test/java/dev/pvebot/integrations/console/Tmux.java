package dev.pvebot.integrations.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real terminal of a size: a tmux server of its own, with one window.
final class Tmux implements AutoCloseable {
  private final String server =
      "pvebot-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());

  Tmux(int columns, int rows, List<String> program) {
    var command =
        new ArrayList<>(List.of("new-session", "-d", "-x", "" + columns, "-y", "" + rows));
    command.addAll(
        List.of(";", "set-option", "-g", "remain-on-exit", "on", ";", "respawn-window", "-k"));
    command.addAll(program);
    run(command);
  }

  void type(String text) {
    run(List.of("send-keys", "-l", text));
  }

  /// @param keys as tmux names them, for example `Enter`, `C-c`
  void press(String... keys) {
    for (String key : keys) {
      run(List.of("send-keys", key));
    }
  }

  void enter(String line) {
    type(line);
    press("Enter");
  }

  void resize(int columns, int rows) {
    run(List.of("resize-window", "-x", "" + columns, "-y", "" + rows));
  }

  /// What is to be seen, without blanks at line ends and empty lines at the end.
  String screen() {
    return run(List.of("capture-pane", "-p")).stripTrailing().replaceAll("(?m) +$", "") + "\n";
  }

  /// The same with everything that has scrolled away.
  String scrollback() {
    return run(List.of("capture-pane", "-p", "-S", "-")).stripTrailing().replaceAll("(?m) +$", "")
        + "\n";
  }

  private String run(List<String> arguments) {
    var command = new ArrayList<>(List.of("tmux", "-u", "-L", server, "-f", "/dev/null"));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().remove("TMUX");
    builder.environment().remove("NO_COLOR");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("tmux did not do %s: %s".formatted(arguments, output));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "tmux is needed to test the console in a real terminal; install the package tmux", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while tmux did " + arguments, e);
    }
  }

  @Override
  public void close() {
    run(List.of("kill-server"));
  }
}
