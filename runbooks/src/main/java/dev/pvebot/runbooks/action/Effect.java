package dev.pvebot.runbooks.action;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import java.util.Optional;

/// One visible change of a plan.
///
/// @param kind created, changed, destroyed or kept
/// @param subject what it happens to; locks are derived from it
/// @param text for people, without the sign: `VM 1051 ts01 on pve01, 4 cores, 8 GiB, clone of 101
///   (full)`. Contains no fact that moves by itself (free memory, ages): it is part of the plan's
///   digest. Lines after the first are shown as they are, for example a diff
/// @param how how something new comes to be, for example `clone of 101 (full)`; part of `text` too
public record Effect(Kind kind, Subject subject, String text, Optional<String> how) {
  public Effect(Kind kind, Subject subject, String text) {
    this(kind, subject, text, Optional.empty());
  }

  public Effect {
    // plans that were stored before this existed
    how = how == null ? Optional.empty() : how;
  }

  public enum Kind {
    CREATE('+'),
    CHANGE('~'),
    DESTROY('-'),
    KEEP('=');

    private final char sign;

    Kind(char sign) {
      this.sign = sign;
    }

    public char sign() {
      return sign;
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Subject.Guest.class, name = "guest"),
    @JsonSubTypes.Type(value = Subject.Node.class, name = "node"),
    @JsonSubTypes.Type(value = Subject.Storage.class, name = "storage"),
    @JsonSubTypes.Type(value = Subject.Cluster.class, name = "cluster"),
    @JsonSubTypes.Type(value = Subject.Elsewhere.class, name = "elsewhere")
  })
  public sealed interface Subject {
    /// A guest and the node it is on or will be on.
    record Guest(Vmid vmid, NodeName node) implements Subject {}

    record Node(NodeName name) implements Subject {}

    record Storage(String name) implements Subject {}

    record Cluster(String name) implements Subject {}

    /// Something that needs no lock here, for example a repository.
    record Elsewhere(String what) implements Subject {}
  }
}
