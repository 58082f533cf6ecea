package dev.pvebot.integrations.lab.wire;

/// The lab's end of a WebSocket.
public interface Socket {
  /// Who hears what comes in on a socket. Called on the wire's own threads: return at once.
  interface Listener {
    void opened(Socket socket);

    void text(Socket socket, String text);

    void closed(Socket socket);
  }

  void send(String text);

  /// Closes as the protocol wants it.
  void close(int code, String reason);

  /// Cuts the connection without a word.
  void reset();

  /// Keeps the connection and says and hears nothing more on it, not even pings.
  void fallSilent();

  boolean isOpen();
}
