package dev.pvebot.integrations.pve.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `pve.vm.migrate`, `pve.ct.migrate`: moves a guest to another node, with its local disks. A
/// running VM goes on running unless `online` is false; a running container is stopped there and
/// started here, there is no other way. For a HA-managed VM the call only asks the HA manager,
/// whose own task does the work.
final class MigrateVm extends GuestAction<MigrateVm.Inputs, MigrateVm.Output> {

  /// @param node the target
  /// @param online whether a running VM may move while it runs; by default yes
  /// @param storages `from:to` for local storages that the target lacks
  public record Inputs(
      Vmid vm, NodeName node, Optional<Boolean> online, Optional<List<String>> storages) {
    Inputs(Vmid vm, NodeName node, Optional<Boolean> online) {
      this(vm, node, online, Optional.empty());
    }

    /// Where the disks of a storage go.
    String storageFor(String storage) {
      return storages.orElse(List.of()).stream()
          .filter(pair -> pair.startsWith(storage + ":"))
          .map(pair -> pair.substring(storage.length() + 1))
          .findFirst()
          .orElse(storage);
    }
  }

  public record Output(NodeName node) {}

  MigrateVm(Reach reach, Flavour flavour) {
    super(
        reach,
        flavour,
        "pve." + flavour.name().toLowerCase(Locale.ROOT) + ".migrate",
        Inputs.class,
        Output.class,
        traits(
            Risk.CHANGE,
            Duration.ofHours(2),
            Duration.ofMinutes(2), // the HA manager takes up to half a minute to begin
            onVms("VM.Migrate"),
            new Traits.Privilege("Sys.Audit", "/")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "migrating";
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet fleet = planning.fleet();
    Fleet.Guest guest = planned(inputs, planning);
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    if (guest.node().equals(inputs.node())) {
      return preview(
          inputs,
          Effect.Kind.KEEP,
          guest,
          "%s is there already".formatted(Words.onNode(guest)),
          detail,
          fleet,
          Duration.ZERO);
    }
    refuseLocked(guest);
    refuseTarget(inputs, fleet);
    if (guest.isRunning() && !inputs.online().orElse(true)) {
      throw ActionFailure.refused(
          "%s runs, and online is false".formatted(Words.onNode(guest)),
          "shut it down first, or let it move while it runs");
    }
    List<GuestDetail.Disk> disks = detail.map(GuestDetail::disks).orElse(List.of());
    refuseStorages(inputs, fleet, guest, disks);
    List<GuestDetail.Disk> local =
        disks.stream().filter(disk -> !isShared(fleet, guest.node(), disk)).toList();
    long copied =
        detail.isPresent()
            ? local.stream().mapToLong(GuestDetail.Disk::sizeBytes).sum()
            : guest.diskBytes();
    String text =
        "%s moves to %s%s%s%s"
            .formatted(
                Words.onNode(guest),
                inputs.node(),
                guest.isRunning()
                    ? (flavour == Flavour.VM ? ", running" : ", restarted there")
                    : "",
                local.isEmpty()
                    ? ""
                    : ", its local disks are copied (%s)%s"
                        .formatted(
                            Words.disks(local),
                            inputs
                                .storages()
                                .filter(pairs -> !pairs.isEmpty())
                                .map(pairs -> ", to " + String.join(", ", pairs))
                                .orElse("")),
                guest.haState().isPresent() ? ", by the HA manager" : "");
    long memory = guest.isRunning() ? guest.memoryBytes() : 0;
    return new Preview<>(
        inputs,
        List.of(
            new Effect(
                Effect.Kind.CHANGE, new Effect.Subject.Guest(guest.vmid(), inputs.node()), text)),
        targets(detail),
        Projected.with(fleet, Projected.on(guest, inputs.node())),
        Duration.ofSeconds(5 + (copied + memory) / (100L << 20)));
  }

  private static void refuseTarget(Inputs inputs, Fleet fleet) {
    Fleet.Node target =
        fleet
            .node(inputs.node())
            .orElseThrow(() ->
                ActionFailure.refused(
                    "there is no node %s".formatted(inputs.node()),
                    "the nodes are %s"
                        .formatted(
                            fleet.nodes().stream().map(node -> node.name().value()).toList())));
    if (!target.online()) {
      throw ActionFailure.refused(
          "node %s is offline".formatted(inputs.node()), "choose one that is up");
    }
  }

  private static void refuseStorages(
      Inputs inputs, Fleet fleet, Fleet.Guest guest, List<GuestDetail.Disk> disks) {
    for (GuestDetail.Disk disk : disks) {
      boolean there =
          fleet
              .storage(inputs.storageFor(disk.storage()), inputs.node())
              .filter(Fleet.Storage::active)
              .isPresent();
      boolean known = fleet.storage(disk.storage(), guest.node()).isPresent();
      if (known && !there) {
        List<String> having =
            fleet.storages().stream()
                .filter(storage -> storage.name().equals(disk.storage()) && storage.active())
                .map(storage -> storage.node().value())
                .filter(node -> !node.equals(guest.node().value()))
                .toList();
        throw new ActionFailure(
            ActionFailure.Kind.REFUSED,
            "migrating %s to %s: storage '%s' is not available on node '%s'"
                .formatted(Words.named(guest), inputs.node(), disk.storage(), inputs.node()),
            Optional.of("disk %s lives on it".formatted(disk.key())),
            Optional.of(
                having.isEmpty()
                    ? "no other node has it: move the disk to another storage first"
                    : "choose a node that has it: " + String.join(", ", having)));
      }
    }
  }

  private static boolean isShared(Fleet fleet, NodeName node, GuestDetail.Disk disk) {
    return fleet.storage(disk.storage(), node).filter(Fleet.Storage::shared).isPresent();
  }

  /// What PVE itself says before a migration (source: PVE `GET /nodes/{node}/qemu/{vmid}/migrate`).
  private JsonNode precheck(Inputs inputs, GuestState now) throws InterruptedException {
    return reach
        .caller()
        .call(
            PveCall.get(
                    "checking whether VM %s can move from %s to %s"
                        .formatted(now.vmid(), now.node(), inputs.node()),
                    "nodes",
                    now.node(),
                    "qemu",
                    now.vmid(),
                    "migrate")
                .with("target", inputs.node()));
  }

  private static void refuseObstacles(Inputs inputs, GuestState now, JsonNode precheck) {
    List<String> obstacles = new ArrayList<>();
    JsonNode target = precheck.path("not_allowed_nodes").path(inputs.node().value());
    Json.list(target.path("unavailable_storages")).stream()
        .filter(storage -> inputs.storageFor(storage.asText()).equals(storage.asText()))
        .forEach(storage ->
            obstacles.add(
                "storage '%s' is not available on node '%s'"
                    .formatted(storage.asText(), inputs.node())));
    Json.list(target.path("unavailable-resources"))
        .forEach(resource ->
            obstacles.add(
                "device mapping '%s' is not available on node '%s'"
                    .formatted(resource.asText(), inputs.node())));
    Json.list(target.path("blocking-ha-resources"))
        .forEach(resource ->
            obstacles.add(
                "a HA rule keeps it away from %s"
                    .formatted(Json.text(resource, "sid").orElse(resource.asText()))));
    Json.list(precheck.path("local_resources"))
        .forEach(
            resource -> obstacles.add("it uses the local device %s".formatted(resource.asText())));
    for (JsonNode disk : Json.list(precheck.path("local_disks"))) {
      String volume = disk.path("volid").asText();
      if (Json.flag(disk, "cdrom") && !volume.contains("-cloudinit")) {
        obstacles.add("the CD-ROM %s is local to %s; eject it".formatted(volume, now.node()));
      }
    }
    if (!obstacles.isEmpty()) {
      throw new ActionFailure(
          ActionFailure.Kind.REFUSED,
          "migrating VM %s from %s to %s: %s"
              .formatted(now.vmid(), now.node(), inputs.node(), String.join("; ", obstacles)),
          Optional.of("PVE's own check before the migration says so; nothing was moved"),
          Optional.of("clear that, or choose another node"));
    }
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) throws InterruptedException {
    PveCall call =
        PveCall.post(
                "migrating %s %s from %s to %s"
                    .formatted(flavour, now.vmid(), now.node(), inputs.node()),
                path(now, "migrate"))
            .with("target", inputs.node());
    if (inputs.storages().filter(pairs -> !pairs.isEmpty()).isPresent()) {
      call =
          call.with(
              flavour == Flavour.VM ? "targetstorage" : "target-storage",
              String.join(",", inputs.storages().get()));
    }
    if (flavour == Flavour.CT) {
      return now.running() ? call.with("restart", true) : call;
    }
    JsonNode precheck = precheck(inputs, now);
    refuseObstacles(inputs, now, precheck);
    if (!now.running()) {
      return call;
    }
    boolean localDisks =
        Json.list(precheck.path("local_disks")).stream()
            .anyMatch(disk ->
                !Json.flag(disk, "cdrom") || disk.path("volid").asText().contains("-cloudinit"));
    call = call.with("online", inputs.online().orElse(true));
    return localDisks ? call.with("with-local-disks", true) : call;
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    GuestState state = now.get();
    boolean moving = state.lock().filter("migrate"::equals).isPresent();
    if (state.node().equals(inputs.node()) && !moving) {
      return new Observation.Done<>(new Output(state.node()));
    }
    NodeName from =
        Optional.ofNullable(intent.facts().get(OwnTasks.NODE))
            .map(NodeName::new)
            .orElse(state.node());
    Optional<Upid> manager = runningFor(from, inputs.vm(), flavour.migration());
    if (manager.isPresent()) {
      return new Observation.Running<>(manager.get());
    }
    Observation<Output> own =
        notYet(inputs, intent, "it is on " + state.node(), flavour.migration(), "hamigrate");
    if (moving && own instanceof Observation.NotDone<Output>) {
      return new Observation.Unknown<>(
          "%s %s is on %s, still locked by a migration whose task has ended"
              .formatted(flavour, inputs.vm(), state.node()));
    }
    return own;
  }
}
