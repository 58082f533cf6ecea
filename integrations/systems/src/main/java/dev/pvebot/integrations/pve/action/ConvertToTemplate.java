package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import java.time.Duration;
import java.util.Optional;

/// `pve.vm.template`: turns a stopped VM into a template. Proxmox VE has no way back but a clone.
final class ConvertToTemplate
    extends GuestAction<ConvertToTemplate.Inputs, ConvertToTemplate.Output> {
  public record Inputs(Vmid vm) {}

  public record Output() {}

  ConvertToTemplate(Reach reach) {
    super(
        reach,
        "pve.vm.template",
        Inputs.class,
        Output.class,
        traits(Risk.CHANGE, Duration.ofMinutes(15), Duration.ofSeconds(30), onVms("VM.Allocate")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "converting to a template";
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseLocked(guest);
    if (guest.isRunning()) {
      throw ActionFailure.refused(
          "%s runs; only a stopped VM becomes a template".formatted(Words.onNode(guest)),
          "stop it first");
    }
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    if (detail.filter(found -> !found.snapshots().isEmpty()).isPresent()) {
      throw ActionFailure.refused(
          "%s has snapshots, and a template may have none".formatted(Words.named(guest)),
          "delete them first");
    }
    return preview(
        inputs,
        guest.template() ? Effect.Kind.KEEP : Effect.Kind.CHANGE,
        guest,
        "%s %s"
            .formatted(
                Words.onNode(guest),
                guest.template() ? "is a template already" : "becomes a template"),
        detail,
        Projected.with(planning.fleet(), Projected.template(guest)),
        Duration.ofSeconds(5));
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    return PveCall.post(words(inputs, now), path(now, "template"));
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    return now.get().isTemplate()
        ? new Observation.Done<>(new Output())
        : notYet(inputs, intent, "it is no template yet", "qmtemplate");
  }
}
