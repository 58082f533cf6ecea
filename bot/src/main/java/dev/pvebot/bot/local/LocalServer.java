package dev.pvebot.bot.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bot's end of the local socket: one connection is one [Call] and its [Answer]s.
public final class LocalServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalServer.class);

  /// Answers one call.
  public interface Handler {
    /// @param user the Unix user of the process at the other end, as the kernel says
    /// @return the exit code for the calling process
    int handle(Call call, String user, Consumer<Answer> answers) throws InterruptedException;
  }

  private final Path path;
  private final ObjectMapper json;
  private final Handler handler;
  private final ServerSocketChannel socket;

  private LocalServer(Path path, ObjectMapper json, Handler handler, ServerSocketChannel socket) {
    this.path = path;
    this.json = json;
    this.handler = handler;
    this.socket = socket;
  }

  /// Listens at `path`, readable and writable for its owner and group. A socket file that a dead
  /// process left is replaced: the caller must already own the configuration's store.
  ///
  /// @throws IOException when the path cannot be bound, for example because it is longer than 107
  ///   bytes
  public static LocalServer listen(Path path, ObjectMapper json, Handler handler)
      throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    } catch (IOException | RuntimeException failure) {
      socket.close();
      throw failure;
    }
    LocalServer server = new LocalServer(path, json, handler, socket);
    Thread.ofVirtual().name("local-socket").start(server::accept);
    return server;
  }

  private void accept() {
    while (socket.isOpen()) {
      try {
        SocketChannel peer = socket.accept();
        Thread.ofVirtual().name("local-call").start(() -> serve(peer));
      } catch (ClosedChannelException _) {
        return; // closed by us
      } catch (IOException failure) {
        log.warn("the local socket {} accepts no connection: {}", path, failure.getMessage());
        return;
      }
    }
  }

  private void serve(SocketChannel peer) {
    try (peer) {
      String user = peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(peer), StandardCharsets.UTF_8));
      PrintWriter out =
          new PrintWriter(Channels.newOutputStream(peer), false, StandardCharsets.UTF_8);
      Optional<Call> call = read(in);
      int exit = 2;
      if (call.isPresent()) {
        exit = handler.handle(call.get(), user, answer -> write(out, answer));
      }
      write(out, new Answer.End(exit));
    } catch (IOException failure) {
      log.debug("a local caller went away: {}", failure.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      log.error("a local call ended in a defect", failure);
    }
  }

  private Optional<Call> read(BufferedReader in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (line.length() > 2 * Call.MAX_TEXT) {
        return Optional.empty();
      }
      line.append((char) c);
    }
    try {
      return Optional.of(json.readValue(line.toString(), Call.class))
          .filter(call -> call.text().length() <= Call.MAX_TEXT);
    } catch (JsonProcessingException malformed) {
      log.warn("a local caller sent no call: {}", malformed.getOriginalMessage());
      return Optional.empty();
    }
  }

  private void write(PrintWriter out, Answer answer) {
    try {
      String line = json.writeValueAsString(answer);
      synchronized (out) {
        out.write(line);
        out.write('\n');
        out.flush(); // an error means that the caller went away; the work goes on without it
      }
    } catch (JsonProcessingException defect) {
      throw new IllegalStateException("an answer that is no JSON", defect);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    Files.deleteIfExists(path);
  }
}
