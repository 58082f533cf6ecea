package dev.pvebot.integrations.store;

import dev.pvebot.clusters.secret.Secret;
import java.nio.file.Path;
import java.time.Duration;

/// Where the journal is kept.
///
/// @param place the file or the server
/// @param lease how long a process that does not answer any more keeps its operations (PostgreSQL)
/// @param longestCall no mutating call may take longer; shorter than the lease
public record StoreConfig(Place place, Duration lease, Duration longestCall) {

  public StoreConfig {
    if (longestCall.compareTo(lease.dividedBy(6).multipliedBy(5)) >= 0) {
      throw new IllegalArgumentException(
          "the longest call (%s) must be shorter than five sixths of the lease (%s)"
              .formatted(longestCall, lease));
    }
  }

  public sealed interface Place {}

  /// One process owns the file.
  public record Sqlite(Path file) implements Place {}

  /// @param url `jdbc:postgresql://host:5432/pvebot`; no password in it
  public record Postgres(String url, String user, Secret password) implements Place {}

  public static StoreConfig sqlite(Path file) {
    return new StoreConfig(new Sqlite(file), Duration.ofSeconds(30), Duration.ofSeconds(20));
  }

  public static StoreConfig postgres(String url, String user, Secret password) {
    return new StoreConfig(
        new Postgres(url, user, password), Duration.ofSeconds(30), Duration.ofSeconds(20));
  }

  public StoreConfig lease(Duration newLease, Duration newLongestCall) {
    return new StoreConfig(place, newLease, newLongestCall);
  }
}
