package dev.pvebot.integrations.talos.upgrade;

import dev.pvebot.integrations.talos.config.TalosVersion;
import java.util.List;
import java.util.Optional;

/// Which minors of Kubernetes a minor of Talos supports.
///
/// @param rows ascending, one for each minor of Talos
public record SupportMatrix(List<Row> rows) {
  /// Talos, pkg/machinery/compatibility/talos19 … talos114, read at v1.13.9 and v1.14.0-rc.1. The
  /// documentation of 1.14 prints 1.33 as the lowest; the code says 1.32.
  public static final SupportMatrix TALOS =
      new SupportMatrix(
          List.of(
              new Row(9, 27, 32),
              new Row(10, 28, 33),
              new Row(11, 29, 34),
              new Row(12, 30, 35),
              new Row(13, 31, 36),
              new Row(14, 32, 37)));

  public SupportMatrix {
    rows = List.copyOf(rows);
  }

  /// @param talos minor of Talos 1
  /// @param lowest minor of Kubernetes 1
  /// @param highest minor of Kubernetes 1
  public record Row(int talos, int lowest, int highest) {
    /// For people: `Talos 1.12 takes Kubernetes 1.30 to 1.35`.
    public String words() {
      return "Talos 1.%d takes Kubernetes 1.%d to 1.%d".formatted(talos, lowest, highest);
    }
  }

  public Optional<Row> row(TalosVersion talos) {
    return rows.stream()
        .filter(row -> talos.major() == 1 && row.talos() == talos.minor())
        .findFirst();
  }

  public boolean supports(VersionPair pair) {
    return row(pair.talos())
        .filter(row ->
            pair.kubernetes().major() == 1
                && row.lowest() <= pair.kubernetes().minor()
                && pair.kubernetes().minor() <= row.highest())
        .isPresent();
  }
}
