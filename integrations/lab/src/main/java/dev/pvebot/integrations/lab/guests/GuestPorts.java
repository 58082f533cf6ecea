package dev.pvebot.integrations.lab.guests;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A TCP port that a guest opens on an address of its own: it accepts, says its banner if it has
/// one, and closes.
public final class GuestPorts implements AutoCloseable {
  private static final Duration ENDING = Duration.ofSeconds(2);

  private final ServerSocket socket;
  private final Thread server;
  private final byte[] banner;

  /// @param banner what the guest says first; empty: nothing
  /// @throws IOException if somebody else has the address and port
  public GuestPorts(String address, int port, String banner) throws IOException {
    this.banner = banner.getBytes(StandardCharsets.US_ASCII);
    this.socket = new ServerSocket();
    socket.setReuseAddress(true);
    try {
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    } catch (IOException e) {
      socket.close();
      throw new IOException("A guest cannot listen on " + address + ":" + port, e);
    }
    this.server = Thread.ofVirtual().name("lab-guest-" + address + ":" + port).start(this::serve);
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        if (banner.length > 0) {
          OutputStream out = client.getOutputStream();
          out.write(banner);
          out.flush();
        }
      } catch (IOException _) {
        // The guest was switched off, or the client went away: both end this conversation.
        continue;
      }
    }
  }

  /// Returns when nobody can connect any more.
  @Override
  public void close() throws IOException {
    socket.close();
    try {
      // The kernel listens on until the thread inside accept() has left it.
      server.join(ENDING);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
