package dev.pvebot.integrations.pve.check;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.runbooks.action.Traits;
import java.net.URI;
import java.time.Duration;
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

  public record Node(NodeName name, URI api, Access access) {}

  /// How a node answers.
  public sealed interface Access {
    /// @param version of PVE, `9.1.4`
    /// @param ahead how far the node's clock is ahead of ours (negative: behind), to about a
    ///   second; empty when it did not say
    record Good(String version, Optional<Duration> ahead) implements Access {}

    /// It does not answer, or with something else than PVE's API.
    record Bad(String what, Optional<String> why, Optional<String> now) implements Access {}

    /// It shows another certificate than the trusted one.
    ///
    /// @param presented what it shows; empty when it cannot be read
    record Mistrusted(String what, Optional<Certificate> presented, String now) implements Access {}
  }

  /// @param sha256 upper-case hexadecimal with colons
  /// @param validUntil ISO date
  public record Certificate(String sha256, String subject, String issuer, String validUntil) {}

  /// @param id `user@realm!name`
  /// @param missing what actions declare and the token lacks
  /// @param partial what it has on some guests, storages or nodes only; its view of the rest is
  ///   filtered in silence
  /// @param dangerous what it has and no action needs, and that would let it change rights or hosts
  /// @param seesEveryGuest without this no absence of a VMID can be proven, so nothing is created
  ///   or removed
  public record Token(
      String id,
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
