package dev.pvebot.integrations.store;

import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A lock of the operating system beside the SQLite file. It goes with its process, however that
/// ends: who gets it knows that the last owner is dead, without waiting for any heartbeat.
final class OwnedFile implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;

  private OwnedFile(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  static OwnedFile take(Path database) {
    Path file = database.resolveSibling(database.getFileName() + ".owner");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        String owner = Files.readString(file).strip();
        channel.close();
        throw new JournalUnavailable(
            Kind.IN_USE,
            "the journal at %s is owned by process %s; talk to it, or stop it first"
                .formatted(database, owner));
      }
      channel.truncate(0);
      channel.write(
          java.nio.ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
      return new OwnedFile(channel, lock);
    } catch (IOException failed) {
      throw new JournalUnavailable(
          Kind.UNREACHABLE,
          "the file %s, which says who owns the journal, cannot be used: %s; see that its folder"
                  .formatted(file, failed)
              + " exists and can be written",
          failed);
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // held by this very process
    }
  }

  boolean isValid() {
    return lock.isValid();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failed) {
      throw new JournalUnavailable(
          Kind.OTHER, "the owner's lock could not be given back: " + failed, failed);
    }
  }
}
