package dev.pvebot.integrations.talos.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What nodes answer, in our words.
public sealed interface Replies {
  /// @param talos without `v`
  /// @param platform `nocloud`, `metal`, …
  record Version(String talos, String platform, String arch) implements Replies {}

  /// @param state `Running`, `Preparing`, `Finished`, …
  /// @param healthy empty when the service has no health check or has not run it yet
  record Service(String id, String state, Optional<Boolean> healthy, String lastMessage)
      implements Replies {
    public boolean isUp() {
      return state.equals("Running") && healthy.orElse(true);
    }
  }

  /// @param reboots whether the node restarts for it
  record Applied(boolean reboots, String mode, String details, List<String> warnings)
      implements Replies {
    public Applied {
      warnings = List.copyOf(warnings);
    }
  }

  /// @param totalKiB as /proc/meminfo counts
  record Memory(long totalKiB, long availableKiB) implements Replies {}

  record Load(double one, double five, double fifteen) implements Replies {}

  record Mount(String filesystem, String mountedOn, long sizeBytes, long availableBytes)
      implements Replies {}

  /// @param id as etcd prints it, 16 hexadecimal digits
  record EtcdMember(String id, String hostname, List<String> peerUrls, boolean learner)
      implements Replies {
    public EtcdMember {
      peerUrls = List.copyOf(peerUrls);
    }
  }

  /// Of the local member only.
  record EtcdStatus(
      String member, String leader, long dbSizeBytes, boolean learner, List<String> errors)
      implements Replies {
    public EtcdStatus {
      errors = List.copyOf(errors);
    }
  }

  /// @param alarm `NOSPACE` or `CORRUPT`
  record EtcdAlarm(String member, String alarm) implements Replies {}

  record Image(String name, String digest, long sizeBytes) implements Replies {}

  /// A client certificate that the node signed.
  record Renewed(ClientIdentity identity, Instant until) implements Replies {}

  static String etcdId(long id) {
    return "%016x".formatted(id);
  }
}
