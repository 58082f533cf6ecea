package dev.pvebot.integrations.pve.check;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.runbooks.action.Traits;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// What `check` and `api.check` show of one site.
///
/// @param nodes every node whose API the site names
/// @param quorate empty when the token may not see it
/// @param token what the token can do; empty when no node answered
public record ApiReport(List<Node> nodes, Optional<Boolean> quorate, Optional<Token> token) {
  public ApiReport {
    nodes = List.copyOf(nodes);
  }

  /// @param certificate what it shows, trusted or not; empty when it cannot be read
  public record Node(NodeName name, URI api, Access access, Optional<Certificate> certificate) {}

  /// How a node answers.
  public sealed interface Access {
    /// @param version of PVE, `9.1.4`
    /// @param ahead how far the node's clock is ahead of ours (negative: behind), to about a
    ///   second; empty when it did not say
    record Good(String version, Optional<Duration> ahead) implements Access {}

    /// It does not answer, or with something else than PVE's API.
    ///
    /// @param kind what can be done about it goes by this
    record Bad(PveFailure.Kind kind, String what, Optional<String> why, Optional<String> now)
        implements Access {}

    /// It shows another certificate than the trusted one.
    record Mistrusted(String what, String now) implements Access {}
  }

  /// @param sha256 upper-case hexadecimal with colons
  /// @param validUntil its last day, UTC
  public record Certificate(String sha256, String subject, String issuer, LocalDate validUntil) {}

  /// @param id `user@realm!name`
  /// @param major version of PVE that its rights were held against
  /// @param missing what actions declare and the token lacks
  /// @param partial what it has on some guests, storages or nodes only; its view of the rest is
  ///   filtered in silence
  /// @param dangerous what it has and no action needs, and that would let it change rights or hosts
  /// @param seesEveryGuest without this no absence of a VMID can be proven, so nothing is created
  ///   or removed
  public record Token(
      String id,
      int major,
      List<Missing> missing,
      List<Missing> partial,
      List<String> dangerous,
      boolean seesEveryGuest) {
    public Token {
      missing = List.copyOf(missing);
      partial = List.copyOf(partial);
      dangerous = List.copyOf(dangerous);
    }
  }

  /// @param actions that need it
  public record Missing(Traits.Privilege privilege, List<String> actions) {
    public Missing {
      actions = List.copyOf(actions);
    }
  }

  public boolean isGood() {
    return nodes.stream().allMatch(node -> node.access() instanceof Access.Good)
        && quorate.orElse(true)
        && token.filter(t -> t.missing().isEmpty() && t.seesEveryGuest()).isPresent();
  }
}
