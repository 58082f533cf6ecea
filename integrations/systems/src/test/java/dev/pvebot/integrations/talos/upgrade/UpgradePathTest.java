package dev.pvebot.integrations.talos.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.integrations.talos.config.TalosVersion;
import dev.pvebot.integrations.talos.upgrade.UpgradePath.Found;
import dev.pvebot.integrations.talos.upgrade.UpgradePath.Part;
import dev.pvebot.integrations.talos.upgrade.UpgradePath.Step;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class UpgradePathTest {
  private static final SupportMatrix MATRIX = SupportMatrix.TALOS;
  private static final UpgradePath PATHS =
      new UpgradePath(MATRIX, UpgradePathTest::lastPatch, UpgradePathTest::lastPatch);

  private static Optional<TalosVersion> lastPatch(String series) {
    return Optional.of(TalosVersion.parse(series + ".9"));
  }

  private static VersionPair pair(int talos, int kubernetes) {
    return VersionPair.of("1.%d.1".formatted(talos), "1.%d.1".formatted(kubernetes));
  }

  @Test
  void from19With132_to112With135_interleaves() {
    Found found =
        PATHS.between(VersionPair.of("1.9.6", "1.32.0"), VersionPair.of("1.12.4", "1.35.4"));
    assertThat(((Found.Way) found).steps())
        .extracting(step -> step.part() + " " + step.after())
        .containsExactly(
            "TALOS Talos 1.10.9 with Kubernetes 1.32.0",
            "KUBERNETES Talos 1.10.9 with Kubernetes 1.33.9",
            "TALOS Talos 1.11.9 with Kubernetes 1.33.9",
            "KUBERNETES Talos 1.11.9 with Kubernetes 1.34.9",
            "TALOS Talos 1.12.4 with Kubernetes 1.34.9",
            "KUBERNETES Talos 1.12.4 with Kubernetes 1.35.4");
  }

  @Test
  void whereBothMay_kubernetesGoesFirst() {
    Found found =
        PATHS.between(VersionPair.of("1.12.4", "1.33.0"), VersionPair.of("1.13.9", "1.34.0"));
    assertThat(((Found.Way) found).steps())
        .extracting(Step::part)
        .containsExactly(Part.KUBERNETES, Part.TALOS);
  }

  @Test
  void samePair_isNoStep() {
    assertThat(PATHS.between(pair(12, 35), pair(12, 35)))
        .isEqualTo(new Found.Way(java.util.List.of()));
  }

  @Test
  void downgrade_isRefused_andSaysWhatToDoInstead() {
    assertThat(PATHS.between(pair(12, 35), pair(11, 35)))
        .isInstanceOfSatisfying(
            Found.None.class,
            none -> assertThat(none.why()).contains("Talos 1.11.1 is older", "Roll back"));
  }

  @Test
  void unsupportedTarget_isRefused_withItsRule() {
    assertThat(PATHS.between(pair(12, 35), pair(12, 36)))
        .isInstanceOfSatisfying(
            Found.None.class,
            none -> assertThat(none.why()).contains("Talos 1.12 takes Kubernetes 1.30 to 1.35"));
  }

  @Test
  void aMinorWithoutARelease_endsTheWay() {
    UpgradePath noneOf110 =
        new UpgradePath(
            MATRIX,
            series -> series.equals("1.10") ? Optional.empty() : lastPatch(series),
            UpgradePathTest::lastPatch);
    assertThat(noneOf110.between(pair(9, 32), pair(12, 34))).isInstanceOf(Found.None.class);
  }

  @Property
  void everyStep_isOneMinorOfOnePart_andSupported(
      @ForAll @IntRange(min = 9, max = 14) int fromTalos,
      @ForAll @IntRange(min = 27, max = 37) int fromKubernetes,
      @ForAll @IntRange(min = 9, max = 14) int toTalos,
      @ForAll @IntRange(min = 27, max = 37) int toKubernetes) {
    VersionPair from = pair(fromTalos, fromKubernetes);
    VersionPair to = pair(toTalos, toKubernetes);
    if (!(PATHS.between(from, to) instanceof Found.Way way)) {
      return;
    }
    VersionPair at = from;
    for (Step step : way.steps()) {
      int talos = step.after().talos().minor() - at.talos().minor();
      int kubernetes = step.after().kubernetes().minor() - at.kubernetes().minor();
      assertThat(talos + kubernetes).isBetween(0, 1);
      assertThat(step.part() == Part.TALOS ? kubernetes : talos).isZero();
      assertThat(MATRIX.supports(step.after())).isTrue();
      at = step.after();
    }
    assertThat(at).isEqualTo(to);
  }

  @Property
  void aWayIsFound_exactlyWhenThereIsOne(
      @ForAll @IntRange(min = 9, max = 14) int fromTalos,
      @ForAll @IntRange(min = 27, max = 37) int fromKubernetes,
      @ForAll @IntRange(min = 9, max = 14) int toTalos,
      @ForAll @IntRange(min = 27, max = 37) int toKubernetes) {
    assertThat(
            PATHS.between(pair(fromTalos, fromKubernetes), pair(toTalos, toKubernetes))
                instanceof Found.Way)
        .isEqualTo(reachable(fromTalos, fromKubernetes, toTalos, toKubernetes));
  }

  /// By trying every order.
  private static boolean reachable(int talos, int kubernetes, int toTalos, int toKubernetes) {
    if (talos > toTalos || kubernetes > toKubernetes || !MATRIX.supports(pair(talos, kubernetes))) {
      return false;
    }
    return (talos == toTalos && kubernetes == toKubernetes)
        || reachable(talos + 1, kubernetes, toTalos, toKubernetes)
        || reachable(talos, kubernetes + 1, toTalos, toKubernetes);
  }
}
