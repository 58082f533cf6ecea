package dev.pvebot.integrations.slack;

/// An open way from Slack to us.
interface Line extends AutoCloseable {
  boolean lives();

  @Override
  void close();
}
