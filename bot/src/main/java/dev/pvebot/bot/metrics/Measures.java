package dev.pvebot.bot.metrics;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.integrations.pve.api.CallObserver;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.OperationState;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// The bot's figures, in Prometheus' words:
///
/// | metric | tells |
/// |---|---|
/// | `pvebot_operations{state}` | operations in the journal by state |
/// | `pvebot_gates_waiting` | plans that wait for a person |
/// | `pvebot_pve_call_seconds{endpoint,node,outcome}` | PVE's latency, and its errors by `outcome` |
/// | `pvebot_poller_lag_seconds{node}` | since a node's running tasks were last listed, while any are waited for |
public final class Measures implements CallObserver {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Journal journal;
  private final Supplier<Map<NodeName, Duration>> pollers;
  private final MultiGauge operations;
  private final MultiGauge gates;
  private final MultiGauge lags;

  /// @param pollers how long ago each node's tasks were listed
  public Measures(Journal journal, Supplier<Map<NodeName, Duration>> pollers) {
    this.journal = journal;
    this.pollers = pollers;
    this.operations =
        MultiGauge.builder("pvebot.operations")
            .description("Operations in the journal by state.")
            .register(registry);
    this.gates =
        MultiGauge.builder("pvebot.gates.waiting")
            .description("Plans that wait for a person's consent.")
            .register(registry);
    this.lags =
        MultiGauge.builder("pvebot.poller.lag.seconds")
            .description("Seconds since a node's running tasks were last listed.")
            .register(registry);
  }

  @Override
  public void called(PveCall call, NodeName node, Duration took, String outcome) {
    registry
        .timer(
            "pvebot.pve.call",
            Tags.of("endpoint", call.template(), "node", node.value(), "outcome", outcome))
        .record(took);
  }

  /// Everything as text, read anew.
  ///
  /// @throws dev.pvebot.runbooks.engine.journal.JournalUnavailable when the journal cannot be asked
  public String scrape() {
    Map<OperationState, Long> census = journal.census();
    List<MultiGauge.Row<?>> states = new ArrayList<>();
    for (OperationState state : OperationState.values()) {
      states.add(
          MultiGauge.Row.of(
              Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
              census.getOrDefault(state, 0L)));
    }
    operations.register(states, true);
    gates.register(
        List.of(
            MultiGauge.Row.of(
                Tags.empty(), census.getOrDefault(OperationState.AWAITING_APPROVAL, 0L))),
        true);
    lags.register(
        pollers.get().entrySet().stream()
            .<MultiGauge.Row<?>>map(entry ->
                MultiGauge.Row.of(
                    Tags.of("node", entry.getKey().value()), entry.getValue().toMillis() / 1000.0))
            .toList(),
        true);
    return registry.scrape();
  }
}
