package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `pve.iso.delete`: removes an ISO image. One that lies in a VM's drive is refused, because such a
/// VM would not start any more, and Proxmox VE does not ask.
final class DeleteIso extends DeleteVolume<DeleteIso.Inputs, DeleteIso.Output> {

  /// @param name of the file
  /// @param storage by default the only one that has it
  /// @param node one that has it; chosen by the preview
  public record Inputs(String name, Optional<String> storage, Optional<NodeName> node) {}

  public record Output() {}

  DeleteIso(Reach reach) {
    super(
        reach,
        "pve.iso.delete",
        "iso",
        Inputs.class,
        new Output(),
        new Traits.Privilege("Datastore.Allocate", "/storage/{storage}"));
  }

  @Override
  String volid(Inputs inputs) {
    return inputs.storage().orElseThrow() + ":iso/" + inputs.name();
  }

  @Override
  NodeName node(Inputs inputs) {
    return inputs.node().orElseThrow();
  }

  @Override
  String words(Inputs inputs) {
    return "ISO image %s on %s".formatted(inputs.name(), inputs.storage().orElse("?"));
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Storage place = place(inputs, planning.fleet());
    Inputs pinned = new Inputs(inputs.name(), Optional.of(place.name()), Optional.of(place.node()));
    refuseUsed(pinned, place, planning);
    return new Preview<>(
        pinned,
        List.of(
            new Effect(
                Effect.Kind.DESTROY,
                new Effect.Subject.Storage(place.name()),
                "ISO image %s on %s%s"
                    .formatted(
                        inputs.name(), place.name(), place.shared() ? "" : " of " + place.node()))),
        List.of(),
        planning.fleet(),
        Duration.ofSeconds(2));
  }

  private Fleet.Storage place(Inputs inputs, Fleet fleet) throws InterruptedException {
    List<Fleet.Storage> having = new ArrayList<>();
    for (Fleet.Storage storage : fleet.storages()) {
      boolean asked =
          having.stream().anyMatch(known -> known.shared() && known.name().equals(storage.name()));
      boolean wanted =
          inputs.storage().map(storage.name()::equals).orElse(true)
              && inputs.node().map(storage.node()::equals).orElse(true)
              && storage.active()
              && storage.content().contains("iso")
              && fleet.node(storage.node()).filter(Fleet.Node::online).isPresent();
      if (wanted && !asked) {
        String volid = storage.name() + ":iso/" + inputs.name();
        if (GuestAction.Readable.read(() -> volumes.find(storage.node(), volid, "iso"))
            .isPresent()) {
          having.add(storage);
        }
      }
    }
    if (having.isEmpty()) {
      throw ActionFailure.refused(
          "there is no ISO image %s%s"
              .formatted(inputs.name(), inputs.storage().map(name -> " on " + name).orElse("")),
          "`iso list` shows what there is");
    }
    if (having.size() > 1) {
      throw ActionFailure.refused(
          "%s is there more than once: %s"
              .formatted(
                  inputs.name(),
                  String.join(
                      ", ",
                      having.stream().map(s -> s.name() + " of " + s.node()).sorted().toList())),
          "say which one, by its storage or its node");
    }
    return having.getFirst();
  }

  private void refuseUsed(Inputs pinned, Fleet.Storage place, Planning planning)
      throws InterruptedException {
    String volid = volid(pinned);
    for (Fleet.Guest guest : planning.fleet().vms().toList()) {
      boolean sees = place.shared() || guest.node().equals(place.node());
      boolean holds =
          sees
              && planning
                  .detail(guest.vmid())
                  .filter(detail ->
                      detail.config().values().stream()
                          .anyMatch(value -> value.startsWith(volid + ",")))
                  .isPresent();
      if (holds) {
        throw ActionFailure.refused(
            "%s lies in a drive of %s, which would not start without it"
                .formatted(words(pinned), Words.named(guest)),
            "take it out of the drive in Proxmox VE first");
      }
    }
  }
}
