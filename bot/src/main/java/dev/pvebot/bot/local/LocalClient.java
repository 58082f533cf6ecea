package dev.pvebot.bot.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// The calling end of the local socket.
public final class LocalClient {
  private final Path path;
  private final ObjectMapper json;

  public LocalClient(Path path, ObjectMapper json) {
    this.path = path;
    this.json = json;
  }

  /// Makes a call and hands on what comes back.
  ///
  /// @return the exit code, or empty when no bot listens there
  /// @throws IOException when the bot goes away before its answer is complete
  public Optional<Integer> call(Call call, Consumer<Answer> answers) throws IOException {
    SocketChannel channel;
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException _) {
      return Optional.empty(); // no such file, or a file that a dead process left
    }
    try (channel) {
      ByteBuffer line =
          ByteBuffer.wrap((json.writeValueAsString(call) + "\n").getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        channel.write(line);
      }
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        Answer answer = json.readValue(text, Answer.class);
        if (answer instanceof Answer.End end) {
          return Optional.of(end.exit());
        }
        answers.accept(answer);
      }
      throw new IOException(
          "the bot at "
              + path
              + " went away before its answer was complete; its operations go on when it is back");
    }
  }
}
