package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.LabDurations;
import dev.pvebot.integrations.lab.factory.ImageFactory;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.guests.GuestHardware;
import dev.pvebot.integrations.lab.guests.GuestSystem;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.time.LabClock;
import dev.pvebot.integrations.lab.wire.HttpListener;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// All Talos machines of a lab and the clusters that they form. Everything in it is guarded by its
/// monitor; enter by [#locked] or [#compute]. It may be entered while the datacenter's monitor is
/// held, and never the other way round.
public final class TalosWorld implements GuestSystem.Maker, AutoCloseable {
  /// A machine as tests see it.
  ///
  /// @param stage as in MachineStatuses: `maintenance`, `booting`, `running` …; `off`
  /// @param version of the running system, `v1.12.4`
  /// @param boots how often a kernel has started since the lab began
  public record MachineState(
      int vmid,
      String hostname,
      String stage,
      boolean ready,
      Optional<String> address,
      String version,
      String schematic,
      boolean etcdMember,
      int boots) {}

  private final LabConfig config;
  private final LabClock clock;
  private final Ledger ledger;
  private final Faults faults;
  private final ImageFactory factory;
  private final HttpListener.Threads threads;
  private final Map<String, TalosMachine> machines = new LinkedHashMap<>();
  private final Map<String, TalosCluster> clusters = new LinkedHashMap<>();
  private Optional<ApidThreads> apidThreads = Optional.empty();

  public TalosWorld(
      LabConfig config,
      LabClock clock,
      Ledger ledger,
      Faults faults,
      ImageFactory factory,
      HttpListener.Threads threads) {
    this.config = config;
    this.clock = clock;
    this.ledger = ledger;
    this.faults = faults;
    this.factory = factory;
    this.threads = threads;
  }

  /// The machine of this hardware: the same one for each start, with what its disk has kept.
  @Override
  public synchronized GuestSystem apply(GuestHardware hardware) {
    TalosMachine machine =
        machines.computeIfAbsent(
            hardware.uuid(),
            _ -> new TalosMachine(this, new TalosDisk(TalosImage.parse(hardware.image()))));
    machine.plug(hardware);
    return machine;
  }

  synchronized void locked(Runnable what) {
    what.run();
  }

  synchronized <T> T compute(Supplier<T> what) {
    return what.get();
  }

  /// Runs something after this much lab time, inside the monitor.
  LabClock.Timer after(Duration delay, Runnable what) {
    return clock.after(delay, () -> locked(what));
  }

  LabClock clock() {
    return clock;
  }

  LabDurations durations() {
    return config.durations();
  }

  Ledger ledger() {
    return ledger;
  }

  Faults faults() {
    return faults;
  }

  ImageFactory factory() {
    return factory;
  }

  HttpListener.Threads threads() {
    return threads;
  }

  /// The threads of the machine APIs, made when the first machine has booted.
  synchronized ApidThreads apidThreads() {
    ApidThreads now = apidThreads.orElseGet(ApidThreads::new);
    apidThreads = Optional.of(now);
    return now;
  }

  TalosCluster cluster(MachineConfig machineConfig) {
    return clusters.computeIfAbsent(
        machineConfig.clusterId(), _ -> new TalosCluster(this, machineConfig.clusterName()));
  }

  List<TalosMachine> all() {
    return List.copyOf(machines.values());
  }

  /// Every machine that has ever run, in the order of their first start.
  public List<MachineState> machines() {
    return compute(() -> machines.values().stream().map(TalosMachine::state).toList());
  }

  public Optional<MachineState> machine(int vmid) {
    return machines().stream().filter(m -> m.vmid() == vmid).reduce((_, last) -> last);
  }

  /// The cluster of this name, once a machine has been configured for it.
  public Optional<TalosCluster> cluster(String name) {
    return compute(() ->
        clusters.values().stream().filter(c -> c.name().equals(name)).reduce((_, last) -> last));
  }

  @Override
  public void close() {
    locked(() -> machines.values().forEach(TalosMachine::powerOff));
    apidThreads.ifPresent(ApidThreads::close);
  }
}
