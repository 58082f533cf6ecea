package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.kubernetes.KubeCluster;
import dev.pvebot.integrations.lab.kubernetes.KubeListener;
import dev.pvebot.integrations.lab.talos.Services.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The machines whose configurations name one cluster, and what they make together: etcd,
/// Kubernetes, the shared address. Guarded by the world.
///
/// [#settle] is called after every change; it looks at the machines as they are and starts what
/// follows from that.
public final class TalosCluster {
  private final TalosWorld world;
  private final String name;
  private final Set<TalosMachine> machines = new LinkedHashSet<>();
  private final Set<String> pending = new LinkedHashSet<>();
  private final Map<TalosMachine, KubeListener> apiServers = new LinkedHashMap<>();
  private final KubeCluster kubernetes;
  private Optional<TalosMachine> vipHolder = Optional.empty();
  private List<AutoCloseable> vipPorts = new ArrayList<>();
  private boolean settling;

  TalosCluster(TalosWorld world, String name) {
    this.world = world;
    this.name = name;
    this.kubernetes = new KubeCluster(world.clock(), world::locked, this::isAvailable);
  }

  public String name() {
    return name;
  }

  /// Kubernetes as it stands, for assertions and preparations.
  public KubeCluster kubernetes() {
    return kubernetes;
  }

  /// How many etcd clusters its machines hold data of; more than one is a split.
  public int etcdClusters() {
    return world.compute(() -> etcds().size());
  }

  Set<TalosMachine> machines() {
    return machines;
  }

  void add(TalosMachine machine) {
    machines.add(machine);
  }

  private Set<EtcdCluster> etcds() {
    Set<EtcdCluster> all = new LinkedHashSet<>();
    machines.forEach(m -> m.disk.etcd.ifPresent(data -> all.add(data.cluster())));
    return all;
  }

  Optional<TalosMachine> vipHolder() {
    return vipHolder;
  }

  /// Whether some API server answers and its etcd has a quorum.
  private boolean isAvailable() {
    return apiServers.keySet().stream().anyMatch(this::hasHealthyEtcd);
  }

  boolean hasApiServer(TalosMachine machine) {
    return apiServers.containsKey(machine);
  }

  private boolean hasHealthyEtcd(TalosMachine machine) {
    return machine.services().isHealthy("etcd");
  }

  /// Runs something once after a delay, unless the machine has stopped or booted since.
  private void once(TalosMachine machine, String what, java.time.Duration delay, Runnable then) {
    String key = machine.boot() + " " + what;
    if (pending.add(key)) {
      long boot = machine.generation();
      world.after(
          delay,
          () -> {
            pending.remove(key);
            if (machine.generation() == boot && machine.isUp()) {
              then.run();
              settle();
            }
          });
    }
  }

  void settle() {
    if (settling) {
      return;
    }
    settling = true;
    try {
      machines.forEach(this::startEtcd);
      etcds().forEach(this::judge);
      machines.forEach(this::startApiServer);
      moveVip();
      machines.forEach(this::joinKubernetes);
      if (isAvailable()) {
        etcds().stream()
            .filter(EtcdCluster::hasQuorum)
            .findFirst()
            .ifPresent(etcd -> etcd.hold(kubernetes.keys()));
      }
      machines.forEach(TalosMachine::review);
    } finally {
      settling = false;
    }
  }

  // --- etcd ---------------------------------------------------------------------------------

  private void startEtcd(TalosMachine machine) {
    if (!machine.wantsEtcd()) {
      return;
    }
    Optional<TalosDisk.EtcdData> data = machine.disk.etcd;
    if (data.isPresent()) {
      Optional<EtcdCluster.Member> member = data.get().cluster().member(data.get().member());
      if (member.isEmpty()) {
        machine
            .services()
            .set("etcd", State.FAILED, false, "the member has been permanently removed");
      } else if (!member.get().running) {
        machine.services().set("etcd", State.STARTING, false, "Starting etcd");
        once(
            machine,
            "start etcd",
            world.durations().etcdStart(),
            () -> {
              if (machine.wantsEtcd()) {
                member.get().running = true;
              }
            });
      }
      return;
    }
    machine.services().set("etcd", State.PREPARING, false, "Running pre state");
    joinable()
        .ifPresent(etcd ->
            once(machine, "join etcd", world.durations().etcdJoin(), () -> join(machine, etcd)));
  }

  /// The etcd cluster that a new member finds behind the endpoint: it must have a quorum, an API
  /// server that knows it, and nobody else joining.
  private Optional<EtcdCluster> joinable() {
    if (pending.stream().anyMatch(key -> key.endsWith(" join etcd"))) {
      return Optional.empty();
    }
    return apiServers.keySet().stream()
        .filter(this::hasHealthyEtcd)
        .flatMap(m -> m.disk.etcd.stream())
        .map(TalosDisk.EtcdData::cluster)
        .filter(EtcdCluster::hasQuorum)
        .filter(etcd -> etcd.all().stream().allMatch(member -> member.running))
        .findFirst();
  }

  private void join(TalosMachine machine, EtcdCluster etcd) {
    if (machine.disk.etcd.isPresent() || !machine.wantsEtcd() || !etcd.hasQuorum()) {
      return;
    }
    EtcdCluster.Member member = etcd.add(machine, false);
    member.running = true;
    machine.disk.etcd = Optional.of(new TalosDisk.EtcdData(etcd, member.id));
    machine.effect("etcd-joined", "%016x".formatted(member.id));
  }

  /// Begins a cluster on this machine, empty or from a snapshot.
  void bootstrap(TalosMachine machine, Optional<EtcdSnapshot> snapshot) {
    EtcdCluster etcd = new EtcdCluster();
    EtcdCluster.Member member = etcd.add(machine, false);
    machine.disk.etcd = Optional.of(new TalosDisk.EtcdData(etcd, member.id));
    machine.services().set("etcd", State.STARTING, false, "Bootstrapping etcd");
    if (snapshot.isPresent()) {
      etcd.restore(snapshot.get());
      kubernetes.restore(etcd.keys);
      machine.kernel(
          "recovering etcd from snapshot: hash %08x, revision %d, total keys %d, total size %d"
              .formatted(
                  etcd.keys.hashCode(),
                  snapshot.get().revision(),
                  etcd.keys.size(),
                  snapshot.get().file().length));
    }
    machine.effect(
        etcds().size() > 1 ? "etcd-split" : "etcd-bootstrapped",
        snapshot.isPresent() ? "recovered" : "");
    if (snapshot.isPresent()) {
      once(machine, "recover", world.durations().etcdRecover(), () -> {});
    }
    settle();
  }

  private void judge(EtcdCluster etcd) {
    for (EtcdCluster.Member member : etcd.all()) {
      if (member.running && !member.machine.wantsEtcd()) {
        member.running = false;
      }
    }
    etcd.elect();
    for (EtcdCluster.Member member : etcd.all()) {
      if (member.running) {
        if (etcd.hasQuorum()) {
          member.machine.services().running("etcd");
        } else {
          member.machine.services().set("etcd", State.RUNNING, false, "context deadline exceeded");
        }
      }
    }
  }

  // --- Kubernetes ---------------------------------------------------------------------------

  private void startApiServer(TalosMachine machine) {
    boolean wanted = machine.isControlPlaneUp() && machine.services().isRunning("kubelet");
    if (!wanted) {
      Optional.ofNullable(apiServers.remove(machine)).ifPresent(KubeListener::close);
      return;
    }
    if (apiServers.containsKey(machine) || !hasHealthyEtcd(machine)) {
      return;
    }
    once(
        machine,
        "start API server",
        world.durations().kubeApi(),
        () -> {
          if (machine.isControlPlaneUp() && !apiServers.containsKey(machine)) {
            machine
                .address()
                .flatMap(own -> listen(machine, own))
                .ifPresent(port -> {
                  apiServers.put(machine, port);
                  kubernetes.staticPods(Papers.facts(machine));
                });
          }
        });
  }

  private Optional<KubeListener> listen(TalosMachine machine, String address) {
    try {
      return Optional.of(
          KubeListener.open(
              world.threads(),
              machine.hostname(),
              address,
              Papers.apiServer(machine),
              kubernetes,
              world.ledger(),
              world.faults()));
    } catch (java.io.IOException e) {
      machine.effect("port-taken", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void joinKubernetes(TalosMachine machine) {
    machine
        .nodeName()
        .ifPresent(node -> {
          boolean kubelet = machine.isUp() && machine.services().isRunning("kubelet");
          if (kubelet && isAvailable() && !kubernetes.isReady(node)) {
            once(
                machine,
                "join Kubernetes",
                world.durations().kubelet(),
                () -> {
                  if (isAvailable() && machine.services().isRunning("kubelet")) {
                    kubernetes.nodeReady(Papers.facts(machine));
                  }
                });
          } else if (!kubelet && kubernetes.isReady(node) && pending.add("lost " + node)) {
            world.after(
                world.durations().nodeLost(),
                () -> {
                  pending.remove("lost " + node);
                  if (!(machine.isUp() && machine.services().isRunning("kubelet"))) {
                    kubernetes.nodeLost(node);
                  }
                  settle();
                });
          }
        });
  }

  // --- the shared address -------------------------------------------------------------------

  private void moveVip() {
    boolean held = vipHolder.filter(h -> h.isControlPlaneUp() && hasHealthyEtcd(h)).isPresent();
    if (held) {
      return;
    }
    if (vipHolder.isPresent()) {
      vipHolder = Optional.empty();
      dropVip();
    }
    machines.stream()
        .filter(m -> m.isControlPlaneUp() && hasHealthyEtcd(m) && m.vip().isPresent())
        .findFirst()
        .ifPresent(next ->
            once(
                next,
                "take the VIP",
                world.durations().vipMove(),
                () -> {
                  if (vipHolder.isEmpty()) {
                    vipHolder = Optional.of(next);
                    String vip = next.vip().orElseThrow();
                    listen(next, vip).ifPresent(vipPorts::add);
                    next.openMachineApi(vip).ifPresent(vipPorts::add);
                    next.effect("vip-taken", vip);
                  }
                }));
  }

  private void dropVip() {
    for (AutoCloseable port : vipPorts) {
      TalosMachine.close(port);
    }
    vipPorts = new ArrayList<>();
  }

  /// A machine has stopped: what it held is let go at once.
  void stopped(TalosMachine machine) {
    Optional.ofNullable(apiServers.remove(machine)).ifPresent(KubeListener::close);
    if (vipHolder.filter(machine::equals).isPresent()) {
      vipHolder = Optional.empty();
      dropVip();
    }
    settle();
  }
}
