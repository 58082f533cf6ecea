package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.integrations.contract.ChatPlatformContract;
import dev.pvebot.integrations.contract.ChatStage;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The console keeps the promises of a chat platform: lines in, text out.
class ConsoleContractTest extends ChatPlatformContract {
  @Override
  protected ChatStage stage() {
    try {
      return new Stage();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Stage implements ChatStage {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PipedOutputStream typed = new PipedOutputStream();
    private final ConsolePlatform platform;

    Stage() throws IOException {
      var in =
          new BufferedReader(
              new InputStreamReader(new PipedInputStream(typed), StandardCharsets.UTF_8));
      platform =
          new ConsolePlatform(
              new PlainDress(
                  new PrintStream(out, true, StandardCharsets.UTF_8),
                  Optional.of(in),
                  120,
                  Colours.NONE,
                  InstantSource.system()),
              new Seat("s", "alice", "#infra", Seat.Switching.FIXED));
    }

    @Override
    public ChatPlatform platform() {
      return platform;
    }

    @Override
    public Conversation channel() {
      return new Conversation(ConsolePlatform.NAME, "#infra", Optional.empty());
    }

    @Override
    public String member() {
      return "alice";
    }

    @Override
    public void say(Conversation where, String text) {
      type(where.thread().isPresent() ? "> " + text : text);
    }

    @Override
    public void press(Posted posted, String label) {
      Matcher button =
          Pattern.compile("\\[(\\d+)]\\s*" + Pattern.quote(label)).matcher(read(posted));
      if (!button.find()) {
        throw new AssertionError("no button '" + label + "' in\n" + read(posted));
      }
      type(button.group(1));
    }

    @Override
    public void fill(Posted posted, String label, String answer) {
      press(posted, label);
      type(answer);
    }

    private void type(String line) {
      try {
        typed.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        typed.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// A console without a terminal shows one below the other.
    @Override
    public String read(Posted posted) {
      return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String readThread(Conversation thread) {
      String all = read(new Posted(thread, ""));
      int begins = all.indexOf("(" + thread.thread().orElseThrow() + ")");
      int whispered = all.indexOf("(to alice)");
      return all.substring(begins, whispered < begins ? all.length() : whispered);
    }

    @Override
    public String readWhispers() {
      String all = read(new Posted(channel(), ""));
      return all.substring(Math.max(0, all.indexOf("(to alice)")));
    }

    @Override
    public int pings() {
      return 0;
    }

    @Override
    public void close() {
      try {
        typed.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      platform.close();
    }
  }
}
