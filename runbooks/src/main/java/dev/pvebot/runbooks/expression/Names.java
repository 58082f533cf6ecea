package dev.pvebot.runbooks.expression;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Finds the names of the scope that an expression uses, and which parts of each: `m.node` and
/// `m.name`, not all of `m`.
final class Names {
  private final Map<String, Set<List<String>>> paths = new TreeMap<>();

  private Names() {}

  /// Name -> the paths of fields that are selected from it; the empty path means all of it.
  static Map<String, Set<List<String>>> usedIn(CelExpr expression) {
    Names names = new Names();
    names.walk(expression, Set.of());
    return names.paths;
  }

  private void walk(CelExpr expression, Set<String> bound) {
    switch (expression.getKind()) {
      case IDENT -> found(expression.ident().name(), List.of(), bound);
      case SELECT -> {
        List<String> path = new ArrayList<>();
        CelExpr here = expression;
        while (here.getKind() == CelExpr.ExprKind.Kind.SELECT) {
          path.addFirst(here.select().field());
          here = here.select().operand();
        }
        if (here.getKind() == CelExpr.ExprKind.Kind.IDENT) {
          found(here.ident().name(), path, bound);
        } else {
          walk(here, bound);
        }
      }
      case CALL -> {
        expression.call().target().ifPresent(target -> walk(target, bound));
        expression.call().args().forEach(argument -> walk(argument, bound));
      }
      case LIST -> expression.list().elements().forEach(element -> walk(element, bound));
      case STRUCT -> expression.struct().entries().forEach(entry -> walk(entry.value(), bound));
      case MAP ->
          expression
              .map()
              .entries()
              .forEach(entry -> {
                walk(entry.key(), bound);
                walk(entry.value(), bound);
              });
      case COMPREHENSION -> {
        CelExpr.CelComprehension loop = expression.comprehension();
        walk(loop.iterRange(), bound);
        walk(loop.accuInit(), bound);
        Set<String> inside = new HashSet<>(bound);
        inside.add(loop.iterVar());
        inside.add(loop.iterVar2());
        inside.add(loop.accuVar());
        walk(loop.loopCondition(), inside);
        walk(loop.loopStep(), inside);
        walk(loop.result(), inside);
      }
      case NOT_SET, CONSTANT -> {}
    }
  }

  private void found(String name, List<String> path, Set<String> bound) {
    if (!bound.contains(name)) {
      paths.computeIfAbsent(name, _ -> new HashSet<>()).add(path);
    }
  }

  static Set<String> of(CelExpr expression) {
    return new TreeSet<>(usedIn(expression).keySet());
  }
}
