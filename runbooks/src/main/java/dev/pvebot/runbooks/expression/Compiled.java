package dev.pvebot.runbooks.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What came of compiling an expression.
public sealed interface Compiled {
  /// It is sound and can be evaluated.
  final class Checked implements Compiled {
    private final String source;
    private final Type type;
    private final Set<String> names;
    private final CelAbstractSyntaxTree tree;

    Checked(String source, Type type, Set<String> names, CelAbstractSyntaxTree tree) {
      this.source = source;
      this.type = type;
      this.names = Set.copyOf(names);
      this.tree = tree;
    }

    public String source() {
      return source;
    }

    public Type type() {
      return type;
    }

    /// The names of the scope that it uses.
    public Set<String> names() {
      return names;
    }

    CelAbstractSyntaxTree tree() {
      return Objects.requireNonNull(tree);
    }

    @Override
    public String toString() {
      return source + " : " + type;
    }
  }

  /// It is not.
  record Rejected(List<Fault> faults) implements Compiled {
    public Rejected {
      faults = List.copyOf(faults);
    }

    /// All faults in one sentence.
    public String why() {
      return String.join("; ", faults.stream().map(Fault::what).toList());
    }
  }

  /// @param offset in characters from the beginning of the source
  /// @param what what is wrong, for people
  record Fault(int offset, String what) {}
}
