package dev.pvebot.runbooks.expression;

import dev.pvebot.runbooks.expression.Compiled.Checked;
import dev.pvebot.runbooks.expression.Compiled.Fault;
import dev.pvebot.runbooks.expression.Compiled.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Compiles and evaluates the expressions of runbooks. Thread-safe; CEL is loaded by the first
/// compilation.
///
/// Besides CEL's standard functions there are those of its string, list, math and optional
/// extensions, `cel.bind`, and `inCidr(address, network)`.
public final class Expressions {
  private final Map<Scope, Cel> environments =
      new java.util.LinkedHashMap<>(16, 0.75f, true) {
        @java.io.Serial private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Scope, Cel> eldest) {
          return size() > 64;
        }
      };

  /// Compiles an expression for the names of a scope.
  public Compiled compile(String source, Scope scope) {
    return environment(scope).compile(source);
  }

  /// Compiles a scalar: exactly one `{{ }}` keeps its type, anything else is text.
  public Compiled compile(Template template, Scope scope) {
    List<Fault> faults = new ArrayList<>();
    boolean alone = template.exact().isPresent();
    for (Template.Part part : template.parts()) {
      if (part instanceof Template.Hole(String expression, int offset)) {
        switch (compile(expression, scope)) {
          case Rejected(List<Fault> inside) ->
              inside.forEach(fault -> faults.add(new Fault(offset + fault.offset(), fault.what())));
          case Checked checked -> {
            if (!alone && !(checked.type() instanceof Type.Scalar)) {
              faults.add(
                  new Fault(
                      offset,
                      "`%s` is a %s, which cannot stand inside text%s"
                          .formatted(
                              expression,
                              checked.type(),
                              checked.type().isOptional()
                                  ? "; add .orValue(…)"
                                  : "; join its parts or name one")));
            }
          }
        }
      }
    }
    return faults.isEmpty() ? compile(template.asExpression(), scope) : new Rejected(faults);
  }

  /// Evaluates an expression. Side effects do not exist; every way to fail is a value.
  ///
  /// @param values a value for each name that the expression uses
  public Result evaluate(Checked checked, Map<String, ?> values) {
    return Cel.evaluate(checked, values);
  }

  /// An expression that a stored plan can carry: what is known already is written into it, as far
  /// as it is used.
  ///
  /// @param bindings CEL for names that are known later, over the data that they stand for: see
  ///   [StoredExpressions#data]
  /// @param known values of the other names; a name in neither stays as it is
  public String close(Checked checked, Map<String, String> bindings, Map<String, ?> known) {
    StringBuilder closed = new StringBuilder();
    int parentheses = 0;
    for (Map.Entry<String, Set<List<String>>> used :
        Names.usedIn(checked.tree().getExpr()).entrySet()) {
      String name = used.getKey();
      Optional<String> binding =
          Optional.ofNullable(bindings.get(name))
              .or(() ->
                  Optional.ofNullable(known.get(name))
                      .map(value -> Literals.of(only(value, used.getValue()))));
      if (binding.isPresent()) {
        closed.append("cel.bind(").append(name).append(", ").append(binding.get()).append(", ");
        parentheses++;
      }
    }
    return closed + checked.source() + ")".repeat(parentheses);
  }

  /// A value as CEL writes it, for example `'ts01'` or `[1, 2]`.
  public static String literal(Object value) {
    return Literals.of(value);
  }

  /// A value without the fields that no path needs.
  private static Object only(Object value, Set<List<String>> paths) {
    if (paths.contains(List.of()) || !(value instanceof Map<?, ?> map)) {
      return value;
    }
    Map<String, Object> kept = new java.util.TreeMap<>();
    for (String field : paths.stream().map(List::getFirst).distinct().sorted().toList()) {
      Object inner = map.get(field);
      if (inner != null) {
        Set<List<String>> below = new java.util.HashSet<>();
        for (List<String> path : paths) {
          if (path.getFirst().equals(field)) {
            below.add(path.subList(1, path.size()));
          }
        }
        kept.put(field, only(inner, below));
      }
    }
    return kept;
  }

  /// The type that a name has in CEL's own words, read back: `int`, `list(string)`,
  /// `optional(int)`.
  public static Optional<Type> parseType(String words) {
    String text = words.strip();
    for (Type.Scalar scalar : Type.Scalar.values()) {
      if (scalar.toString().equals(text)) {
        return Optional.of(scalar);
      }
    }
    if (text.endsWith(")")) {
      int open = text.indexOf('(');
      String inside = open < 0 ? "" : text.substring(open + 1, text.length() - 1);
      return switch (open < 0 ? "" : text.substring(0, open)) {
        case "list" -> parseType(inside).map(Type.ListOf::new);
        case "optional" -> parseType(inside).map(Type.OptionalOf::new);
        case "map" ->
            inside.startsWith("string, ")
                ? parseType(inside.substring(8)).map(Type.MapOf::new)
                : Optional.empty();
        default -> Optional.empty();
      };
    }
    return Optional.empty();
  }

  private synchronized Cel environment(Scope scope) {
    return environments.computeIfAbsent(scope, Cel::new);
  }
}
