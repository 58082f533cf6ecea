package dev.pvebot.runbooks.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.pvebot.clusters.yaml.Nearest;
import dev.pvebot.runbooks.expression.Compiled.Checked;
import dev.pvebot.runbooks.expression.Compiled.Fault;
import dev.pvebot.runbooks.expression.Compiled.Rejected;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// CEL for one scope. Nothing outside of this class, [Names] and [Compiled.Checked] knows CEL.
///
/// Bounds: an expression has at most 65,536 characters (a stored one carries what was known) and a
/// comprehension at most 10,000 rounds, so that no runbook can keep the planner busy.
final class Cel {
  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(65_536)
          .comprehensionMaxIterations(10_000)
          .enableTimestampEpoch(true)
          .build();

  private static final String IN_CIDR = "inCidr";
  private static final String IN_CIDR_OVERLOAD = "in_cidr_string_string";

  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']+)'.*");
  private static final Pattern UNDEFINED_FIELD = Pattern.compile("undefined field '([^']+)'.*");

  /// Built when the first expression is compiled, then shared.
  private static final class Shared {
    static final CelCompiler COMPILER =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(
                CelExtensions.optional(),
                CelExtensions.bindings(),
                CelExtensions.comprehensions(),
                CelExtensions.strings(),
                CelExtensions.lists(),
                CelExtensions.math())
            .addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(
                    IN_CIDR,
                    CelOverloadDecl.newGlobalOverload(
                        IN_CIDR_OVERLOAD, SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING)))
            .build();

    static final CelRuntime RUNTIME =
        CelRuntimeFactory.standardCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(
                CelExtensions.optional(),
                CelExtensions.comprehensions(),
                CelExtensions.strings(),
                CelExtensions.lists(),
                CelExtensions.math())
            .addFunctionBindings(
                CelFunctionBinding.from(
                    IN_CIDR_OVERLOAD,
                    String.class,
                    String.class,
                    (address, network) -> Cidr.contains(network, address)))
            .build();

    private Shared() {}
  }

  private final CelCompiler compiler;
  private final Map<String, Type.Struct> structs = new HashMap<>();
  private final Set<String> names;

  Cel(Scope scope) {
    scope.names().values().forEach(this::collect);
    Map<String, CelType> celStructs = new LinkedHashMap<>();
    structs.forEach((name, struct) -> celStructs.put(name, structType(struct)));
    CelCompilerBuilder builder =
        Shared.COMPILER
            .toCompilerBuilder()
            .setTypeProvider(new Structs(ImmutableMap.copyOf(celStructs)));
    scope.names().forEach((name, type) -> builder.addVar(name, celType(type)));
    compiler = builder.build();
    names = scope.names().keySet();
  }

  private record Structs(ImmutableMap<String, CelType> byName) implements CelTypeProvider {
    @Override
    public ImmutableCollection<CelType> types() {
      return ImmutableList.copyOf(byName.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
      return Optional.ofNullable(byName.get(name));
    }
  }

  private void collect(Type type) {
    switch (type) {
      case Type.Scalar _ -> {}
      case Type.ListOf(Type element) -> collect(element);
      case Type.MapOf(Type value) -> collect(value);
      case Type.OptionalOf(Type value) -> collect(value);
      case Type.Struct struct -> {
        Type.Struct before = structs.put(struct.name(), struct);
        if (before != null && !before.equals(struct)) {
          throw new IllegalArgumentException("two structs are called " + struct.name());
        }
        struct.fields().values().forEach(this::collect);
      }
    }
  }

  private static CelType celType(Type type) {
    return switch (type) {
      case Type.Scalar scalar ->
          switch (scalar) {
            case STRING -> SimpleType.STRING;
            case INT -> SimpleType.INT;
            case DOUBLE -> SimpleType.DOUBLE;
            case BOOL -> SimpleType.BOOL;
            case DYN -> SimpleType.DYN;
          };
      case Type.ListOf(Type element) -> ListType.create(celType(element));
      case Type.MapOf(Type value) -> MapType.create(SimpleType.STRING, celType(value));
      case Type.OptionalOf(Type value) -> OptionalType.create(celType(value));
      case Type.Struct struct -> structType(struct);
    };
  }

  private static StructType structType(Type.Struct struct) {
    ImmutableMap.Builder<String, CelType> named = ImmutableMap.builder();
    struct.fields().forEach((name, type) -> named.put(name, celType(type)));
    ImmutableMap<String, CelType> fields = named.buildOrThrow();
    return StructType.create(
        struct.name(), fields.keySet(), field -> Optional.ofNullable(fields.get(field)));
  }

  private Type type(CelType type) {
    if (type.kind() == CelKind.STRUCT) {
      Type.Struct struct = structs.get(type.name());
      return struct == null ? Type.Scalar.DYN : struct;
    }
    if (type instanceof OptionalType optional) {
      return new Type.OptionalOf(type(optional.parameters().getFirst()));
    }
    return switch (type.kind()) {
      case STRING -> Type.Scalar.STRING;
      case INT, UINT -> Type.Scalar.INT;
      case DOUBLE -> Type.Scalar.DOUBLE;
      case BOOL -> Type.Scalar.BOOL;
      case LIST -> new Type.ListOf(type(type.parameters().getFirst()));
      case MAP -> new Type.MapOf(type(type.parameters().getLast()));
      default -> Type.Scalar.DYN;
    };
  }

  Compiled compile(String source) {
    try {
      CelValidationResult result = compiler.compile(source);
      if (result.hasError()) {
        return new Rejected(
            result.getErrors().stream().map(issue -> fault(source, issue)).toList());
      }
      CelAbstractSyntaxTree tree = result.getAst();
      return new Checked(source, type(tree.getResultType()), Names.of(tree.getExpr()), tree);
    } catch (CelValidationException e) {
      return new Rejected(e.getErrors().stream().map(issue -> fault(source, issue)).toList());
    }
  }

  private Fault fault(String source, CelIssue issue) {
    int line = Math.max(1, issue.getSourceLocation().getLine());
    int offset = 0;
    for (int i = 1; i < line; i++) {
      offset = source.indexOf('\n', offset) + 1;
    }
    offset += Math.max(0, issue.getSourceLocation().getColumn());
    return new Fault(offset, "`%s`: %s".formatted(source, words(issue.getMessage())));
  }

  private String words(String message) {
    Matcher undeclared = UNDECLARED.matcher(message);
    if (undeclared.matches()) {
      String name = undeclared.group(1);
      return "nothing is called '%s' here".formatted(name)
          + Nearest.to(name, names)
              .map("; did you mean '%s'?"::formatted)
              .orElse("; there is " + String.join(", ", names));
    }
    Matcher field = UNDEFINED_FIELD.matcher(message);
    if (field.matches()) {
      String name = field.group(1);
      Set<String> fields = new TreeSet<>();
      structs.values().stream().map(struct -> struct.fields().keySet()).forEach(fields::addAll);
      return "it has no part '%s'".formatted(name)
          + Nearest.to(name, fields).map("; did you mean '%s'?"::formatted).orElse("");
    }
    return message.replaceAll(" \\(candidates: .*", "").replace("optional_type(", "optional(");
  }

  /// The names that a stored expression uses; empty when it is no expression.
  static Optional<Set<String>> names(String source) {
    CelValidationResult parsed = Shared.COMPILER.parse(source);
    try {
      return parsed.hasError()
          ? Optional.empty()
          : Optional.of(Names.of(parsed.getAst().getExpr()));
    } catch (CelValidationException e) {
      return Optional.empty();
    }
  }

  static Result evaluate(Checked checked, Map<String, ?> values) {
    try {
      Object value = Shared.RUNTIME.createProgram(checked.tree()).eval(values);
      return new Result.Value(plain(value));
    } catch (CelEvaluationException e) {
      String why =
          String.valueOf(e.getMessage()).replaceFirst("^evaluation error at <input>:\\d+: ", "");
      return new Result.Failed("`%s`: %s".formatted(checked.source(), why));
    }
  }

  /// CEL's own values as plain Java; what has no plain form here (a type, bytes, a duration)
  /// becomes text.
  private static Object plain(Object value) {
    return switch (value) {
      case String text -> text;
      case Boolean flag -> flag;
      case Long number -> number;
      case Double number -> number;
      case com.google.common.primitives.UnsignedLong number -> number.longValue();
      case Optional<?> optional -> optional.map(Cel::plain);
      case Collection<?> items -> items.stream().map(Cel::plain).toList();
      case Map<?, ?> map -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        map.forEach((key, item) -> entries.put(String.valueOf(key), plain(item)));
        yield entries;
      }
      default -> value.toString();
    };
  }

  /// Networks of IPv4 and IPv6 in CIDR form.
  private static final class Cidr {
    private static final Pattern ADDRESS =
        Pattern.compile("[0-9.]{7,15}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private Cidr() {}

    static boolean contains(String network, String address) {
      List<String> parts = List.of(network.split("/", -1));
      if (parts.size() != 2 || !parts.get(1).matches("[0-9]{1,3}")) {
        throw new IllegalArgumentException(
            "'%s' is no network; expected ADDRESS/LENGTH".formatted(network));
      }
      byte[] base = bytes(parts.get(0));
      byte[] given = bytes(address);
      int length = Integer.parseInt(parts.get(1));
      if (base.length != given.length) {
        return false;
      }
      if (length > base.length * 8) {
        throw new IllegalArgumentException(
            "'%s' is no network; its length is too big".formatted(network));
      }
      for (int bit = 0; bit < length; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((base[bit / 8] & mask) != (given[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }

    private static byte[] bytes(String address) {
      // only literals: a name must never be looked up from an expression
      if (!ADDRESS.matcher(address).matches()) {
        throw new IllegalArgumentException("'%s' is no IP address".formatted(address));
      }
      return java.net.InetAddress.ofLiteral(address).getAddress();
    }
  }
}
