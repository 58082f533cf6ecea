package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestReader;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// `pve.snapshot.create`, `pve.ct.snapshot`: our mark goes into the snapshot's description, so it
/// can be told from somebody else's of the same name.
final class CreateSnapshot extends GuestAction<CreateSnapshot.Inputs, CreateSnapshot.Output> {
  private static final Pattern NAME = Pattern.compile("(?i)[a-z][a-z0-9_-]{1,39}");
  private static final Set<String> RESERVED = Set.of("current", "pending");

  /// @param vmstate with the memory of a running VM, so that it runs on after a rollback
  public record Inputs(
      Vmid vm, String name, Optional<String> description, Optional<Boolean> vmstate) {}

  /// @param name of the snapshot
  public record Output(String name) {}

  CreateSnapshot(Reach reach, Flavour flavour) {
    super(
        reach,
        flavour,
        flavour == Flavour.VM ? "pve.snapshot.create" : "pve.ct.snapshot",
        Inputs.class,
        Output.class,
        traits(Risk.ROUTINE, Duration.ofMinutes(30), Duration.ofSeconds(20), onVms("VM.Snapshot")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "making snapshot %s of".formatted(inputs.name());
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseTemplate(guest, "a snapshot of");
    refuseLocked(guest);
    if (!NAME.matcher(inputs.name()).matches() || RESERVED.contains(inputs.name())) {
      throw ActionFailure.refused(
          "'%s' is no name for a snapshot".formatted(inputs.name()),
          "begin with a letter, then letters, digits, _ and -, 2 to 40 in all; not current or"
              + " pending");
    }
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    if (detail.filter(found -> found.snapshots().contains(inputs.name())).isPresent()) {
      throw ActionFailure.refused(
          "%s has a snapshot %s already".formatted(Words.named(guest), inputs.name()),
          "choose another name, or delete that one first");
    }
    return preview(
        inputs,
        Effect.Kind.CREATE,
        guest,
        "snapshot %s of %s%s"
            .formatted(
                inputs.name(),
                Words.onNode(guest),
                inputs.vmstate().orElse(false) ? ", with its memory" : ""),
        detail,
        planning.fleet(),
        Duration.ofSeconds(inputs.vmstate().orElse(false) ? 60 : 10));
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    String mark = intent.mark(inputs.vm());
    PveCall call =
        PveCall.post(words(inputs, now), path(now, "snapshot"))
            .with("snapname", inputs.name())
            .with("description", inputs.description().map(text -> text + "\n" + mark).orElse(mark));
    return flavour == Flavour.VM ? call.with("vmstate", inputs.vmstate()) : call;
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    Optional<GuestReader.Snapshot> found =
        reach.guests().snapshots(inputs.vm()).stream()
            .filter(each -> each.name().equals(inputs.name()))
            .findFirst();
    if (found.isEmpty()) {
      return notYet(
          inputs, intent, "it has no snapshot " + inputs.name(), flavour.tasks("snapshot"));
    }
    if (!Marks.has(found.get().description(), intent.mark(inputs.vm()))) {
      return new Observation.Foreign<>(
          "VM %s has a snapshot %s that this operation did not make"
              .formatted(inputs.vm(), inputs.name()));
    }
    if (found.get().busy().isEmpty()) {
      return new Observation.Done<>(new Output(inputs.name()));
    }
    Observation<Output> own = notYet(inputs, intent, "it is being made", flavour.tasks("snapshot"));
    return own instanceof Observation.NotDone<Output>
        ? new Observation.Unknown<>(
            "snapshot %s of VM %s is half made (%s) and no task of ours works on it"
                .formatted(inputs.name(), inputs.vm(), found.get().busy().get()))
        : own;
  }
}
