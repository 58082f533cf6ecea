package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.Message;
import dev.pvebot.integrations.lab.faults.MachineFault;
import dev.pvebot.integrations.lab.guests.GuestHardware;
import dev.pvebot.integrations.lab.guests.GuestSystem;
import dev.pvebot.integrations.lab.kubernetes.KubeListener;
import dev.pvebot.integrations.lab.kubernetes.NodeFacts;
import dev.pvebot.integrations.lab.talos.Sequence.Phase;
import dev.pvebot.integrations.lab.talos.Services.State;
import dev.pvebot.integrations.lab.talos.proto.machine.MachineStatusEvent;
import dev.pvebot.integrations.lab.talos.proto.machine.TaskEvent;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One Talos machine: it boots from its disk, waits in maintenance mode or takes its configuration,
/// and runs services. Guarded by the world.
///
/// Every start of a kernel and every end of one raises the [#generation]; what was planned for an
/// earlier one does not happen.
final class TalosMachine implements GuestSystem {
  /// As MachineStatuses words them.
  enum Stage {
    OFF,
    BOOTING,
    INSTALLING,
    MAINTENANCE,
    RUNNING,
    REBOOTING,
    SHUTTING_DOWN,
    RESETTING,
    UPGRADING;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  final TalosDisk disk;
  private final TalosWorld world;
  private final Resources resources;
  private Optional<GuestHardware> hardware = Optional.empty();
  private Stage stage = Stage.OFF;
  private List<String> unmet = List.of();
  private long generation;
  private int boots;
  private String boot = "";
  private Instant bootedAt = Instant.EPOCH;
  private EventLog events;
  private LogBook logs = new LogBook();
  private Services services;
  private Optional<MachineConfig> config = Optional.empty();
  private Optional<String> address = Optional.empty();
  private List<AutoCloseable> ports = new ArrayList<>();
  private boolean etcdDead;
  private boolean busy;

  TalosMachine(TalosWorld world, TalosDisk disk) {
    this.world = world;
    this.disk = disk;
    this.events = new EventLog(world.clock());
    this.services = new Services(this);
    this.resources = new Resources(world.clock());
  }

  void plug(GuestHardware found) {
    hardware = Optional.of(found);
  }

  GuestHardware hardware() {
    return hardware.orElseThrow();
  }

  // --- power --------------------------------------------------------------------------------

  @Override
  public void powerOn() {
    world.locked(() -> {
      generation++;
      stage = Stage.BOOTING;
      after(world.durations().bootTalos(), this::kernel);
    });
  }

  @Override
  public void powerOff() {
    world.locked(() -> {
      stop();
      stage = Stage.OFF;
    });
  }

  private void stop() {
    generation++;
    busy = false;
    ports.forEach(TalosMachine::close);
    ports = new ArrayList<>();
    address = Optional.empty();
    services = new Services(this);
    cluster().ifPresent(c -> c.stopped(this));
  }

  static void close(AutoCloseable port) {
    try {
      port.close();
    } catch (Exception e) {
      throw new IllegalStateException("Closing a port of a simulated machine", e);
    }
  }

  /// Runs something later, unless the machine stops or boots before.
  void after(Duration delay, Runnable what) {
    long then = generation;
    world.after(
        delay,
        () -> {
          if (generation == then) {
            what.run();
          }
        });
  }

  private void kernel() {
    boots++;
    boot = UUID.randomUUID().toString();
    bootedAt = now();
    events = new EventLog(world.clock());
    logs = new LogBook();
    services = new Services(this);
    config = Optional.empty();
    etcdDead = false;
    if (disk.onTrial && disk.broken) {
      effect("boot-failed", disk.current.toString());
      String bad = disk.current.toString();
      disk.flip();
      after(
          world.durations().bootTalos(),
          () -> {
            effect("rolled-back", bad + " -> " + disk.current);
            kernel();
          });
      return;
    }
    disk.onTrial = false;
    fault(MachineFault.LinkRenamed.class)
        .ifPresent(renamed -> disk.linkName = Optional.of(renamed.name()));
    kernel("[    0.000000] Linux version 6.12.0-talos (%s)".formatted(disk.current.version()));
    disk.staged.ifPresent(staged -> disk.config = Optional.of(staged));
    disk.staged = Optional.empty();
    for (String id : List.of("machined", "containerd", "syslogd", "udevd", "auditd")) {
      services.running(id);
    }
    if (disk.stagedUpgrade.isPresent()) {
      TalosImage next = disk.stagedUpgrade.get();
      disk.stagedUpgrade = Optional.empty();
      install(next);
    } else if (disk.config.isEmpty()) {
      maintenance();
    } else if (!disk.installed) {
      install(installTarget(disk.config.get()));
    } else {
      begin(disk.config.get());
    }
  }

  private TalosImage installTarget(MachineConfig from) {
    return from.installImage().flatMap(TalosImage::ofInstaller).orElse(disk.current);
  }

  private void maintenance() {
    stage(Stage.MAINTENANCE, List.of());
    tell(TaskEvent.newBuilder().setTask("runningMaintenance").build());
    address = Optional.of(hardware().dhcpAddress());
    services.running("apid");
    openMachineApi(hardware().dhcpAddress()).ifPresent(ports::add);
    effect("booted", hardware().dhcpAddress() + ":" + Apid.PORT);
    kernel("[talos] this machine is reachable at: " + hardware().dhcpAddress());
    publish();
  }

  private void install(TalosImage target) {
    stage(Stage.INSTALLING, List.of());
    Sequence.run(
        this,
        "install",
        "",
        List.of(
            Phase.of("env", "setUserEnvVars"),
            new Phase("install", "install", installTime(), () -> write(target)),
            Phase.of("meta", "reloadMeta")),
        () -> reboot("install"),
        _ -> reboot("install"));
  }

  // --- configuration ------------------------------------------------------------------------

  /// Takes a configuration for good: in maintenance mode the machine goes on with it.
  void configure(MachineConfig next) {
    boolean first = disk.config.isEmpty();
    Optional<MachineConfig> before = config;
    disk.config = Optional.of(next);
    effect("configured", next.type() + " of " + next.clusterName());
    if (first) {
      tell(
          TaskEvent.newBuilder()
              .setTask("runningMaintenance")
              .setAction(TaskEvent.Action.STOP)
              .build());
      stage(Stage.BOOTING, List.of());
      after(
          Duration.ofSeconds(1),
          () -> {
            ports.forEach(TalosMachine::close);
            ports = new ArrayList<>();
            address = Optional.empty();
            if (disk.installed) {
              begin(next);
            } else {
              install(installTarget(next));
            }
          });
      return;
    }
    config = Optional.of(next);
    before.ifPresent(old -> live(old, next));
    publish();
  }

  /// What a running machine does about a new configuration.
  private void live(MachineConfig old, MachineConfig next) {
    String mac = hardware().mac();
    if (!old.addresses(linkName(), mac).equals(next.addresses(linkName(), mac))) {
      after(world.durations().talosNetwork(), this::network);
    }
    if (!old.string("machine", "kubelet", "image")
        .equals(next.string("machine", "kubelet", "image"))) {
      services.set("kubelet", State.STOPPING, false, "Sending SIGTERM to kubelet");
      services.set("kubelet", State.PREPARING, false, "Running pre state");
      after(
          world.durations().imagePull(),
          () -> {
            next.string("machine", "kubelet", "image").ifPresent(disk.images::add);
            services.running("kubelet");
            cluster()
                .ifPresent(c -> {
                  if (nodeName().filter(c.kubernetes()::isReady).isPresent()) {
                    c.kubernetes().nodeReady(nodeFacts());
                  }
                  c.settle();
                });
          });
    }
    cluster()
        .filter(c -> c.hasApiServer(this))
        .ifPresent(c ->
            after(
                world.durations().kubeApi(),
                () -> {
                  c.kubernetes().staticPods(nodeFacts());
                  publish();
                }));
  }

  /// Boots on with a configuration: network, machine API, services.
  private void begin(MachineConfig with) {
    config = Optional.of(with);
    stage(Stage.BOOTING, List.of());
    TalosCluster own = world.cluster(with);
    own.add(this);
    Sequence.run(
        this,
        "boot",
        "",
        List.of(
            Phase.of("memorySizeCheck", "memorySizeCheck"),
            Phase.of("diskSizeCheck", "diskSizeCheck"),
            Phase.of("env", "setUserEnvVars"),
            Phase.of("dbus", "startDBus"),
            new Phase(
                "ephemeral", "mountEphemeral", world.durations().talosNetwork(), this::network),
            new Phase(
                "startEverything",
                "startAllServices",
                world.durations().talosServices(),
                () -> startKubelet(with))),
        own::settle,
        _ -> {});
  }

  private void network() {
    ports.forEach(TalosMachine::close);
    ports = new ArrayList<>();
    MachineConfig with = config.orElseThrow();
    String own =
        with.addresses(linkName(), hardware().mac()).stream()
            .map(cidr -> cidr.replaceFirst("/.*$", ""))
            .findFirst()
            .orElseGet(() -> hardware().dhcpAddress());
    address = Optional.of(own);
    services.running("apid");
    if (with.isControlPlane()) {
      services.running("trustd");
    }
    Optional<Apid> opened = openMachineApi(own);
    if (opened.isEmpty()) {
      after(world.durations().talosNetwork(), this::network);
      return;
    }
    ports.add(opened.get());
    effect("configured-boot", own + ":" + Apid.PORT);
    publish();
    cluster().ifPresent(TalosCluster::settle);
  }

  private void startKubelet(MachineConfig with) {
    services.running("cri");
    with.string("machine", "kubelet", "image").ifPresent(disk.images::add);
    services.running("kubelet");
    if (with.string("machine", "features", "imageCache", "localEnabled")
        .filter("true"::equals)
        .isPresent()) {
      services.running("registryd");
    }
  }

  // --- sequences that people ask for --------------------------------------------------------

  /// Whether a sequence runs that excludes others.
  boolean isBusy() {
    return busy;
  }

  private List<Phase> goingDown() {
    return new ArrayList<>(
        List.of(
            Phase.of("cleanup", "stopAllPods"),
            Phase.of("dbus", "stopDBus"),
            new Phase(
                "stopServices",
                "stopServicesForUpgrade",
                world.durations().talosShutdown(),
                () -> {
                  services.stopAll();
                  cluster().ifPresent(c -> c.stopped(this));
                }),
            Phase.of("unmount", "unmountPodMounts"),
            Phase.of("unmountSystem", "unmountEphemeralPartition"),
            Phase.of("volumeFinalize", "teardownLifecycle")));
  }

  private void start(
      String sequence, String actor, Stage during, List<Phase> phases, Runnable end) {
    busy = true;
    stage(during, List.of());
    Sequence.run(this, sequence, actor, phases, end, _ -> reboot(sequence));
  }

  /// Holds the machine busy with one work that is no sequence.
  void begin(Duration time, Runnable end) {
    if (busy) {
      throw Answers.error(
          io.grpc.Status.FAILED_PRECONDITION,
          "another installation/upgrade is already in progress");
    }
    busy = true;
    after(
        time,
        () -> {
          busy = false;
          end.run();
        });
  }

  String lastKernelLine() {
    return logs.lines(LogBook.KERNEL, 1).map(List::getLast).orElse("");
  }

  void askReboot(String actor, boolean force) {
    List<Phase> phases = force ? new ArrayList<>() : goingDown();
    phases.add(Phase.of("stopEverything", "stopAllServices"));
    phases.add(Phase.of("reboot", "reboot"));
    start("reboot", actor, Stage.REBOOTING, phases, () -> reboot("reboot"));
  }

  void askShutdown(String actor) {
    List<Phase> phases = goingDown();
    phases.add(Phase.of("shutdown", "shutdown"));
    start(
        "shutdown",
        actor,
        Stage.SHUTTING_DOWN,
        phases,
        () -> {
          effect("shutdown", "");
          hardware().powerOff().run();
        });
  }

  void askUpgrade(String actor, TalosImage image) {
    List<Phase> phases = new ArrayList<>();
    phases.add(
        new Phase("drain", "cordonAndDrainNode", world.durations().talosDrain(), this::drain));
    phases.addAll(goingDown());
    phases.add(new Phase("upgrade", "upgrade", installTime(), () -> write(image)));
    phases.add(Phase.of("meta", "reloadMeta"));
    phases.add(Phase.of("kexec", "kexecPrepare"));
    phases.add(Phase.of("stopEverything", "stopAllServices"));
    phases.add(Phase.of("reboot", "reboot"));
    start("upgrade", actor, Stage.UPGRADING, phases, () -> reboot("upgrade"));
  }

  void askStagedUpgrade(String actor, TalosImage image) {
    disk.stagedUpgrade = Optional.of(image);
    askReboot(actor, false);
  }

  void askRollback(String actor) {
    disk.flip();
    effect("rolled-back", disk.current.toString());
    askReboot(actor, false);
  }

  void askReset(String actor, boolean graceful, boolean rebootAfter, Runnable wipe) {
    List<Phase> phases = new ArrayList<>();
    if (graceful) {
      phases.add(
          new Phase("drain", "cordonAndDrainNode", world.durations().talosDrain(), this::drain));
      phases.add(new Phase("leave", "leaveEtcd", Duration.ZERO, this::leaveEtcd));
    }
    phases.addAll(goingDown());
    phases.add(new Phase("reset", "resetSystemDisk", Duration.ZERO, wipe));
    phases.add(Phase.of("stopEverything", "stopAllServices"));
    start(
        "reset",
        actor,
        Stage.RESETTING,
        phases,
        () -> {
          effect("reset", "");
          if (rebootAfter) {
            reboot("reset");
          } else {
            hardware().powerOff().run();
          }
        });
  }

  private void drain() {
    nodeName().ifPresent(node -> cluster().ifPresent(c -> c.kubernetes().drain(node)));
  }

  /// The member takes itself out of its cluster and forgets its data.
  void leaveEtcd() {
    disk.etcd.ifPresent(data -> {
      data.cluster().remove(data.member());
      effect("etcd-left", "%016x".formatted(data.member()));
    });
    disk.etcd = Optional.empty();
    etcdDead = true;
    services.set("etcd", State.FINISHED, false, "Service finished successfully");
    cluster().ifPresent(TalosCluster::settle);
  }

  /// How long the next writing of a release takes.
  Duration installTime() {
    Duration time = world.durations().talosInstall();
    return fault(MachineFault.SlowDisk.class)
        .map(slow -> Duration.ofMillis((long) (time.toMillis() * slow.factor())))
        .orElse(time);
  }

  /// Writes a release to the other slot.
  ///
  /// @throws Sequence.Failed as the installer fails
  void write(TalosImage image) {
    if (fault(MachineFault.DiskFull.class).isPresent()) {
      kernel("[talos] failed to write: /boot/B/vmlinuz: no space left on device");
      effect("install-failed", "no space left on device");
      throw new Sequence.Failed("exit code 1");
    }
    Optional<String> refusal = Releases.refusal(disk.current, image);
    if (refusal.isPresent() && disk.installed) {
      kernel("[talos] pre-flight checks failed: " + refusal.get());
      throw new Sequence.Failed("exit code 1");
    }
    disk.write(image, fault(MachineFault.WrongImage.class).isPresent());
    effect("installed", image.toString());
  }

  private void reboot(String why) {
    stage(Stage.REBOOTING, List.of());
    stop();
    effect("rebooting", why);
    if (fault(MachineFault.NeverComesBack.class).isPresent()) {
      effect("never-comes-back", why);
      return;
    }
    after(world.durations().talosReboot(), this::kernel);
  }

  // --- what others see ----------------------------------------------------------------------

  /// Called after every change in the cluster: the stage and readiness follow from what runs.
  void review() {
    if (stage == Stage.BOOTING && isUp() && services.isRunning("kubelet")) {
      if (!isControlPlane() || services.isHealthy("etcd")) {
        stage(Stage.RUNNING, unmet());
        cluster().ifPresent(c -> nodeName().ifPresent(n -> c.kubernetes().uncordonAfterUpgrade(n)));
      }
    } else if (stage == Stage.RUNNING && !unmet().equals(unmet)) {
      stage(Stage.RUNNING, unmet());
    }
    if (stage != Stage.OFF && !boot.isEmpty()) {
      publish();
    }
  }

  private List<String> unmet() {
    List<String> names = new ArrayList<>();
    boolean healthy =
        services.isHealthy("kubelet") && (!isControlPlane() || services.isHealthy("etcd"));
    if (!healthy) {
      names.add("services");
    }
    TalosCluster own = cluster().orElseThrow();
    if (isControlPlane() && !own.hasApiServer(this)) {
      names.add("staticPods");
    }
    if (nodeName().filter(own.kubernetes()::isReady).isEmpty()) {
      names.add("nodeReady");
    }
    return names;
  }

  private void stage(Stage next, List<String> conditions) {
    stage = next;
    unmet = List.copyOf(conditions);
    MachineStatusEvent.MachineStatus.Builder status =
        MachineStatusEvent.MachineStatus.newBuilder().setReady(conditions.isEmpty());
    conditions.forEach(c -> status.addUnmetConditionsBuilder().setName(c).setReason("not ready"));
    tell(
        MachineStatusEvent.newBuilder()
            .setStage(MachineStatusEvent.MachineStage.valueOf(next.name()))
            .setStatus(status)
            .build());
    publish();
  }

  private void publish() {
    resources.replace(() -> ResourceView.of(this));
  }

  <T extends MachineFault> Optional<T> fault(Class<T> kind) {
    return world.faults().atMachine(hardware().vmid(), kind);
  }

  void effect(String what, String detail) {
    hardware().effect().accept(what, detail);
  }

  void tell(Message what) {
    tell(what, "");
  }

  void tell(Message what, String actor) {
    events.tell(what, actor);
  }

  void kernel(String line) {
    logs.write(LogBook.KERNEL, "user: warning: [%s]: %s".formatted(now(), line));
  }

  void log(String service, String line) {
    logs.write(service, line);
    logs.write("machined", line);
  }

  Optional<Apid> openMachineApi(String at) {
    try {
      return Optional.of(Apid.open(world, this, at));
    } catch (IOException e) {
      effect("boot-without-network", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> address() {
    return address;
  }

  Instant now() {
    return world.clock().now();
  }

  long generation() {
    return generation;
  }

  String boot() {
    return boot;
  }

  Instant bootedAt() {
    return bootedAt;
  }

  Stage stage() {
    return stage;
  }

  List<String> unmetConditions() {
    return unmet;
  }

  EventLog events() {
    return events;
  }

  LogBook logs() {
    return logs;
  }

  Services services() {
    return services;
  }

  Resources resources() {
    return resources;
  }

  Optional<MachineConfig> config() {
    return config;
  }

  Optional<TalosCluster> cluster() {
    return config.map(world::cluster);
  }

  boolean isUp() {
    return address.isPresent() && config.isPresent() && stage != Stage.OFF;
  }

  boolean isControlPlane() {
    return config.map(MachineConfig::isControlPlane).orElse(false);
  }

  /// Whether it is up as a control plane whose services are not being stopped.
  boolean isControlPlaneUp() {
    return isControlPlane() && isUp() && services.has("kubelet") && services.isRunning("kubelet");
  }

  boolean wantsEtcd() {
    if (!isControlPlaneUp()) {
      return false;
    }
    if (!etcdDead && fault(MachineFault.EtcdDead.class).isPresent()) {
      etcdDead = true;
      services.set("etcd", State.FAILED, false, "etcd exited with code 2");
      effect("etcd-died", "");
    }
    return !etcdDead;
  }

  Optional<String> vip() {
    return config.flatMap(MachineConfig::vip);
  }

  String linkName() {
    return disk.linkName.orElseGet(disk.current::linkName);
  }

  String hostname() {
    return config
        .flatMap(MachineConfig::hostname)
        .orElseGet(() -> {
          String digits = hardware().mac().replace(":", "");
          return "talos-" + digits.substring(6, 9) + "-" + digits.substring(9);
        });
  }

  Optional<String> nodeName() {
    return config.map(_ -> hostname());
  }

  NodeFacts nodeFacts() {
    MachineConfig with = config.orElseThrow();
    Map<String, String> versions = new LinkedHashMap<>();
    if (with.isControlPlane()) {
      versions.put("kube-apiserver", with.imageVersion("cluster", "apiServer", "image"));
      versions.put(
          "kube-controller-manager", with.imageVersion("cluster", "controllerManager", "image"));
      versions.put("kube-scheduler", with.imageVersion("cluster", "scheduler", "image"));
    }
    return new NodeFacts(
        hostname(),
        address.orElseGet(() -> hardware().dhcpAddress()),
        with.isControlPlane(),
        with.schedulesOnControlPlanes(),
        with.imageVersion("machine", "kubelet", "image"),
        "Talos (" + disk.current.version() + ")",
        with.imageVersion("cluster", "proxy", "image"),
        hardware().cpus(),
        hardware().memoryMiB(),
        hardware().uuid(),
        boot,
        with.nodeLabels(),
        versions);
  }

  /// The system extensions in its image.
  List<String> extensions() {
    return world.factory().extensions(disk.current.schematic());
  }

  /// Names and addresses of its certificates.
  List<String> certificateNames() {
    List<String> names = new ArrayList<>(List.of(hostname(), "localhost", "127.0.0.1"));
    address.ifPresent(names::add);
    vip().ifPresent(names::add);
    config.ifPresent(c -> names.addAll(c.certSans()));
    return names.stream().distinct().toList();
  }

  Authority kubernetesAuthority() {
    MachineConfig with = config.orElseThrow();
    try {
      return Authority.parse(
          with.kubernetesCaPem().orElseThrow(), with.kubernetesCaKeyPem().orElseThrow());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The Kubernetes authority of " + hostname(), e);
    }
  }

  /// What its API server listens with.
  KubeListener.Identity kubernetesIdentity() {
    Authority authority = kubernetesAuthority();
    List<String> names = new ArrayList<>(certificateNames());
    names.addAll(List.of("kubernetes", "kubernetes.default.svc.cluster.local"));
    config
        .map(MachineConfig::endpoint)
        .map(endpoint -> java.net.URI.create(endpoint).getHost())
        .filter(host -> !names.contains(host))
        .ifPresent(names::add);
    Authority.Issued own =
        authority.issue("CN=kube-apiserver", names, Authority.Use.SERVER, Duration.ofDays(365));
    return new KubeListener.Identity(
        own.certificate(), own.key(), new ClientTrust(authority.certificate()));
  }

  TalosWorld.MachineState state() {
    return new TalosWorld.MachineState(
        hardware().vmid(),
        hostname(),
        stage == Stage.OFF ? "off" : stage.word(),
        unmet.isEmpty() && stage == Stage.RUNNING,
        address,
        disk.current.version(),
        disk.current.schematic(),
        disk.etcd.isPresent(),
        boots);
  }
}
