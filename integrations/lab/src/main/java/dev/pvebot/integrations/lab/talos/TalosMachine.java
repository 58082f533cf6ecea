package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.Message;
import dev.pvebot.integrations.lab.faults.MachineFault;
import dev.pvebot.integrations.lab.guests.GuestHardware;
import dev.pvebot.integrations.lab.guests.GuestSystem;
import dev.pvebot.integrations.lab.talos.Sequence.Phase;
import dev.pvebot.integrations.lab.talos.Services.State;
import dev.pvebot.integrations.lab.talos.proto.machine.MachineStatusEvent;
import dev.pvebot.integrations.lab.talos.proto.machine.TaskEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private Optional<TalosImage> booted = Optional.empty();
  private Instant bootedAt = Instant.EPOCH;
  private EventLog events;
  private LogBook logs = new LogBook();
  private Services services;
  private Optional<MachineConfig> config = Optional.empty();
  private Optional<String> address = Optional.empty();
  private List<AutoCloseable> ports = new ArrayList<>();
  private boolean etcdDead;
  private final Orders orders;

  TalosMachine(TalosWorld world, TalosDisk disk) {
    this.world = world;
    this.disk = disk;
    this.events = new EventLog(world.clock());
    this.services = new Services(this);
    this.resources = new Resources(world.clock());
    this.orders = new Orders(world, this);
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
    orders.forget();
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
    booted = Optional.of(disk.current);
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
            new Phase("install", "install", orders.installTime(), () -> orders.write(target)),
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
                    c.kubernetes().nodeReady(Papers.facts(this));
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
                  c.kubernetes().staticPods(Papers.facts(this));
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

  /// Stops and starts the next kernel.
  void reboot(String why) {
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

  void stage(Stage next, List<String> conditions) {
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

  /// What its kernel came from; a release that was only written is not it.
  TalosImage image() {
    return booted.orElse(disk.current);
  }

  /// What people make it do.
  Orders orders() {
    return orders;
  }

  /// Marks etcd as gone until the next boot.
  void etcdIsGone() {
    etcdDead = true;
  }

  String lastKernelLine() {
    return logs.lines(LogBook.KERNEL, 1).map(List::getLast).orElse("");
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
    return disk.linkName.orElseGet(image()::linkName);
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

  /// The system extensions in its image.
  List<String> extensions() {
    return world.factory().extensions(image().schematic());
  }

  TalosWorld.MachineState state() {
    return new TalosWorld.MachineState(
        hardware().vmid(),
        hostname(),
        stage == Stage.OFF ? "off" : stage.word(),
        unmet.isEmpty() && stage == Stage.RUNNING,
        address,
        image().version(),
        image().schematic(),
        disk.etcd.isPresent(),
        boots);
  }
}
