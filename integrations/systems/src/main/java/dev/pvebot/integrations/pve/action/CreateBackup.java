package dev.pvebot.integrations.pve.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
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
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `pve.backup.create`: a backup of one VM. Our mark stands in the first line of its notes, the
/// only one that PVE lists.
final class CreateBackup extends GuestAction<CreateBackup.Inputs, CreateBackup.Output> {
  private static final Set<String> MODES = Set.of("snapshot", "suspend", "stop");

  /// The fact with the backups that carried the same mark before: another step of the operation may
  /// have made one.
  private static final String KNOWN = "known_backups";

  /// @param storage by default the first shared one that keeps backups and is active on the VM's
  ///   node, else the first
  /// @param mode `snapshot` (default), `suspend` or `stop`
  /// @param notes one line
  /// @param protect the archive from removal
  public record Inputs(
      Vmid vm,
      Optional<String> storage,
      Optional<String> mode,
      Optional<String> notes,
      Optional<Boolean> protect) {}

  /// @param volid PVE's volume id, `pbs:backup/vm/101/2026-01-31T02:00:05Z`
  public record Output(String volid, long sizeBytes) {}

  CreateBackup(Reach reach) {
    super(
        reach,
        "pve.backup.create",
        Inputs.class,
        Output.class,
        traits(
            Risk.ROUTINE,
            Duration.ofHours(4),
            Duration.ofSeconds(30),
            onVms("VM.Backup"),
            new Traits.Privilege("Datastore.AllocateSpace", "/storage/{storage}"),
            new Traits.Privilege("Datastore.Audit", "/storage/{storage}")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "backing up";
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseLocked(guest);
    String mode = inputs.mode().orElse("snapshot");
    if (!MODES.contains(mode)) {
      throw ActionFailure.refused(
          "'%s' is no mode of a backup".formatted(mode), "choose snapshot, suspend or stop");
    }
    if (mode.equals("stop") && guest.haState().isPresent()) {
      throw ActionFailure.refused(
          "%s is managed by HA, which would start it in the middle of a backup in stop mode"
              .formatted(Words.named(guest)),
          "use mode snapshot");
    }
    String storage = storage(inputs, planning.fleet(), guest);
    return preview(
        new Inputs(
            inputs.vm(), Optional.of(storage), Optional.of(mode), inputs.notes(), inputs.protect()),
        Effect.Kind.CREATE,
        guest,
        "backup of %s to %s%s%s"
            .formatted(
                Words.onNode(guest),
                storage,
                mode.equals("snapshot") ? "" : ", mode " + mode,
                inputs.protect().orElse(false) ? ", protected" : ""),
        planning.detail(inputs.vm()),
        planning.fleet(),
        Duration.ofSeconds(10 + guest.diskBytes() / (200L << 20)));
  }

  private static String storage(Inputs inputs, Fleet fleet, Fleet.Guest guest) {
    List<Fleet.Storage> usable =
        fleet.storages().stream()
            .filter(storage ->
                storage.node().equals(guest.node())
                    && storage.active()
                    && storage.content().contains("backup"))
            .sorted(
                Comparator.comparing((Fleet.Storage storage) -> !storage.shared())
                    .thenComparing(storage -> !storage.type().equals("pbs"))
                    .thenComparing(Fleet.Storage::name))
            .toList();
    Optional<String> wanted = inputs.storage();
    if (wanted.isPresent()
        && usable.stream().noneMatch(storage -> storage.name().equals(wanted.get()))) {
      throw ActionFailure.refused(
          "storage %s on %s is missing, inactive or keeps no backups"
              .formatted(wanted.get(), guest.node()),
          usable.isEmpty()
              ? "add one that does"
              : "choose one of "
                  + usable.stream().map(Fleet.Storage::name).collect(Collectors.joining(", ")));
    }
    return wanted.orElseGet(() ->
        usable.stream()
            .findFirst()
            .map(Fleet.Storage::name)
            .orElseThrow(() ->
                ActionFailure.refused(
                    "no storage on %s keeps backups".formatted(guest.node()),
                    "add one, with content type backup")));
  }

  @Override
  Map<String, String> facts(Inputs inputs, GuestState now) throws InterruptedException {
    // The operation is not known here, so all marks count: an older one can only be that of another
    // operation.
    String known =
        backups(now.node(), inputs).stream()
            .filter(backup -> !Marks.of(notes(backup), inputs.vm()).isEmpty())
            .map(backup -> backup.path("volid").asText())
            .collect(Collectors.joining(" "));
    return Map.of(KNOWN, known);
  }

  private static String notes(JsonNode backup) {
    return backup.path("notes").asText("");
  }

  private List<JsonNode> backups(NodeName node, Inputs inputs) throws InterruptedException {
    return Json.list(
        reach
            .caller()
            .call(
                PveCall.get(
                        "listing the backups of VM %s on %s".formatted(inputs.vm(), node),
                        "nodes",
                        node,
                        "storage",
                        storage(inputs),
                        "content")
                    .with("content", "backup")
                    .with("vmid", inputs.vm())));
  }

  private static String storage(Inputs inputs) {
    return inputs
        .storage()
        .orElseThrow(() ->
            ActionFailure.refused(
                "backing up VM %s: no storage was chosen".formatted(inputs.vm()), "plan again"));
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    PveCall call =
        PveCall.post(
                "backing up VM %s on %s to %s".formatted(now.vmid(), now.node(), storage(inputs)),
                "nodes",
                now.node(),
                "vzdump")
            .with("vmid", now.vmid())
            .with("storage", storage(inputs))
            .with("mode", inputs.mode().orElse("snapshot"))
            .with("compress", "zstd")
            .with("remove", false) // older backups are pruned by their own rules, not on the way
            .with("notes-template", template(inputs, intent));
    return inputs.protect().orElse(false) ? call.with("protected", true) : call;
  }

  /// In a notes template `{{…}}` is a variable and a backslash escapes.
  private static String template(Inputs inputs, Intent intent) {
    String mark = intent.mark(inputs.vm());
    String notes =
        inputs
            .notes()
            .map(text ->
                text.replace('\n', ' ').replace("\\", "\\\\").replace("{{", "{ {")
                    + " ("
                    + mark
                    + ")")
            .orElse(mark);
    return notes.length() <= 1024 ? notes : mark;
  }

  @Override
  Started started(PveCall call) throws InterruptedException {
    return reach
        .caller()
        .start(call)
        .<Started>map(Started.Task::new)
        .orElseThrow(() ->
            new ActionFailure(
                ActionFailure.Kind.RETRYABLE,
                call.act() + ": the node had nothing to do",
                Optional.of("the VM has moved to another node at the same moment"),
                Optional.of("it is looked up again")));
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    NodeName node =
        Optional.ofNullable(intent.facts().get(OwnTasks.NODE))
            .map(NodeName::new)
            .orElse(now.get().node());
    Set<String> known = Set.copyOf(List.of(intent.facts().getOrDefault(KNOWN, "").split(" ", -1)));
    Optional<JsonNode> made =
        backups(node, inputs).stream()
            .filter(backup -> Marks.has(notes(backup), intent.mark(inputs.vm())))
            .filter(backup -> !known.contains(backup.path("volid").asText()))
            .findFirst();
    return made.isPresent()
        ? new Observation.Done<>(
            new Output(made.get().path("volid").asText(), Json.number(made.get(), "size")))
        : notYet(inputs, intent, "there is no backup of ours yet", "vzdump");
  }
}
