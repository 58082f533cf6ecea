package dev.pvebot.runbooks.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExpressionsTest {
  record Machine(String name, Vmid vmid, Optional<String> staticIp, List<String> tags) {}

  record Cloned(NodeName node, @Nullable String mac) {}

  private static final Type MACHINE = Type.ofRecord(Machine.class);
  private static final Type CLONED = Type.ofRecord(Cloned.class);
  private static final Scope SCOPE =
      Scope.empty()
          .with("m", MACHINE)
          .with("machines", new Type.ListOf(MACHINE))
          .with("n", Type.Scalar.INT)
          .with("cloned", CLONED);
  private static final Map<String, Object> VALUES =
      Map.of(
          "m",
              Data.ofRecord(
                  new Machine("ts01", new Vmid(1051), Optional.of("10.0.0.51"), List.of("a"))),
          "machines",
              List.of(
                  Data.ofRecord(
                      new Machine("ts01", new Vmid(1051), Optional.empty(), List.of("a", "b")))),
          "n", 3L,
          "cloned", Data.ofRecord(new Cloned(new NodeName("n1"), null)));

  private final Expressions expressions = new Expressions();

  private Compiled.Checked checked(String source) {
    assertThat(expressions.compile(source, SCOPE)).isInstanceOf(Compiled.Checked.class);
    return (Compiled.Checked) expressions.compile(source, SCOPE);
  }

  private Object value(String source) {
    return ((Result.Value) expressions.evaluate(checked(source), VALUES)).value();
  }

  private String fault(String source) {
    return ((Compiled.Rejected) expressions.compile(source, SCOPE)).why();
  }

  @Test
  void typesFollowFromRecords() {
    assertThat(checked("m.vmid").type()).isEqualTo(Type.Scalar.INT);
    assertThat(checked("m.static_ip").type()).isEqualTo(new Type.OptionalOf(Type.Scalar.STRING));
    assertThat(checked("cloned.mac").type()).isEqualTo(new Type.OptionalOf(Type.Scalar.STRING));
    assertThat(checked("cloned.node").type()).isEqualTo(Type.Scalar.STRING);
    assertThat(checked("machines.map(x, x.vmid)").type())
        .isEqualTo(new Type.ListOf(Type.Scalar.INT));
    assertThat(checked("m").type()).isEqualTo(MACHINE);
    assertThat(checked("machines.filter(m, m.vmid == n)").names())
        .containsExactlyInAnyOrder("machines", "n");
  }

  @Test
  void valuesKeepTheirTypes() {
    assertThat(value("m.vmid + n")).isEqualTo(1054L);
    assertThat(value("m.static_ip.orValue('none')")).isEqualTo("10.0.0.51");
    assertThat(value("machines[0].static_ip")).isEqualTo(Optional.empty());
    assertThat(value("cloned.mac.hasValue()")).isEqualTo(false);
    assertThat(value("m.tags + ['z']")).isEqualTo(List.of("a", "z"));
  }

  @Test
  void faults_areInWordsOfTheRunbook() {
    assertThat(fault("m.vmidd"))
        .isEqualTo("`m.vmidd`: it has no part 'vmidd'; did you mean 'vmid'?");
    assertThat(fault("machine"))
        .isEqualTo("`machine`: nothing is called 'machine' here; did you mean 'machines'?");
    assertThat(fault("m.vmid + 'a'"))
        .isEqualTo(
            "`m.vmid + 'a'`: found no matching overload for '_+_' applied to '(int, string)'");
    assertThat(fault("1 +")).startsWith("`1 +`: mismatched input '<EOF>'");
  }

  @Test
  void evaluationError_isAValue() {
    assertThat(expressions.evaluate(checked("n / 0"), VALUES))
        .isEqualTo(new Result.Failed("`n / 0`: / by zero"));
    assertThat(expressions.evaluate(checked("machines[7].name"), VALUES))
        .isEqualTo(new Result.Failed("`machines[7].name`: Index out of bounds: 7"));
  }

  @Test
  void oneHole_keepsItsType_andTextAroundItMakesText() {
    assertThat(template("{{ m.vmid }}").type()).isEqualTo(Type.Scalar.INT);
    Compiled.Checked text = template("VM {{ m.vmid }} is {{ m.name }}'s");
    assertThat(text.type()).isEqualTo(Type.Scalar.STRING);
    assertThat(expressions.evaluate(text, VALUES)).isEqualTo(new Result.Value("VM 1051 is ts01's"));
    assertThat(expressions.evaluate(template("{{ {'a': {'b': '}}'}}.a.b }}"), VALUES))
        .isEqualTo(new Result.Value("}}"));
    assertThat(expressions.evaluate(template(""), VALUES)).isEqualTo(new Result.Value(""));
  }

  @Test
  void faultInAHole_hasItsPlace() {
    Compiled.Rejected rejected =
        (Compiled.Rejected)
            expressions.compile(Template.parse("VM {{ m.vmid }} {{  m.nam }}"), SCOPE);
    assertThat(rejected.faults())
        .containsExactly(
            new Compiled.Fault(21, "`m.nam`: it has no part 'nam'; did you mean 'name'?"));
  }

  @Test
  void listOrOptionalInsideText_isRefused() {
    Compiled.Rejected rejected =
        (Compiled.Rejected)
            expressions.compile(Template.parse("x {{ m.static_ip }} {{ m.tags }}"), SCOPE);
    assertThat(rejected.why())
        .isEqualTo(
            "`m.static_ip` is a optional(string), which cannot stand inside text; add .orValue(…);"
                + " `m.tags` is a list(string), which cannot stand inside text; join its parts or"
                + " name one");
  }

  @Test
  void inCidr_knowsBothFamilies_andNeverLooksUpNames() {
    assertThat(value("inCidr('127.10.0.51', '127.10.0.0/24')")).isEqualTo(true);
    assertThat(value("inCidr('127.10.1.51', '127.10.0.0/24')")).isEqualTo(false);
    assertThat(value("inCidr('fd00::1', 'fd00::/8')")).isEqualTo(true);
    assertThat(expressions.evaluate(checked("inCidr('localhost', '127.0.0.0/8')"), VALUES))
        .isInstanceOf(Result.Failed.class);
  }

  @Test
  void endlessComprehension_isCutOff() {
    String lists = "[0,1,2,3,4,5,6,7,8,9]";
    String nested =
        "%s.map(a, %s.map(b, %s.map(c, %s.map(d, %s.map(e, a)))))"
            .formatted(lists, lists, lists, lists, lists);
    assertThat(expressions.evaluate(checked(nested), VALUES)).isInstanceOf(Result.Failed.class);
  }

  @Test
  void closedExpression_needsOnlyWhatIsStillOpen() {
    Compiled.Checked mixed =
        checked("cloned.mac.orValue(m.static_ip.orValue('x')) + string(m.vmid)");
    String closed =
        expressions.close(
            mixed, Map.of("cloned", StoredExpressions.data("cloned") + "['ts01']"), VALUES);
    assertThat(closed)
        .isEqualTo(
            "cel.bind(cloned, __cloned['ts01'], cel.bind(m, {'static_ip': optional.of('10.0.0.51'),"
                + " 'vmid': 1051}, cloned.mac.orValue(m.static_ip.orValue('x')) +"
                + " string(m.vmid)))");
    StoredExpressions stored = new StoredExpressions(expressions);
    assertThat(
            stored.evaluate(
                closed, Map.of("cloned", Map.of("ts01", Map.of("mac", Optional.empty())))))
        .isEqualTo("10.0.0.511051");
    assertThat(
            stored.evaluate(
                closed, Map.of("cloned", Map.of("ts01", Map.of("mac", Optional.of("AA"))))))
        .isEqualTo("AA1051");
  }

  @Test
  void nameWithoutData_isAnAbsentOptional_andBrokenExpressionsSaySo() {
    StoredExpressions stored = new StoredExpressions(expressions);
    assertThat(stored.evaluate("skipped.hasValue()", Map.of())).isEqualTo(false);
    assertThat(stored.evaluate("n + 1", Map.of("n", 2))).isEqualTo(3L);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> stored.evaluate("1 +", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("`1 +` is no expression");
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> stored.evaluate("x.y", Map.of("x", Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("`x.y`: ");
  }

  private Compiled.Checked template(String text) {
    return (Compiled.Checked) expressions.compile(Template.parse(text), SCOPE);
  }

  @Test
  void assignability_isStrictAboutAbsence() {
    Type optional = new Type.OptionalOf(Type.Scalar.INT);
    assertThat(Type.Scalar.INT.accepts(optional)).isFalse();
    assertThat(optional.accepts(Type.Scalar.INT)).isTrue();
    assertThat(optional.accepts(optional)).isTrue();
    assertThat(Type.Scalar.INT.accepts(Type.Scalar.STRING)).isFalse();
    assertThat(new Type.ListOf(Type.Scalar.STRING).accepts(new Type.ListOf(Type.Scalar.INT)))
        .isFalse();
  }

  @Test
  void typeWords_readBack() {
    for (Type type :
        List.of(
            Type.Scalar.INT,
            new Type.ListOf(Type.Scalar.STRING),
            new Type.OptionalOf(new Type.MapOf(Type.Scalar.BOOL)))) {
      assertThat(Expressions.parseType(type.toString())).contains(type);
    }
    assertThat(Expressions.parseType("nonsense(")).isEmpty();
  }
}
