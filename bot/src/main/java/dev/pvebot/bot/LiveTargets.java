package dev.pvebot.bot;

import dev.pvebot.bot.progress.Targets;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.operation.Operation;
import java.util.List;

/// Reads from the site how the guests of a plan stand.
final class LiveTargets implements Targets {
  private final Systems systems;

  LiveTargets(Systems systems) {
    this.systems = systems;
  }

  @Override
  public List<String> now(Operation operation) {
    try {
      Fleet fleet = systems.pve().fleet().fresh();
      return operation.plan().effects().stream()
          .map(Effect::subject)
          .filter(Effect.Subject.Guest.class::isInstance)
          .map(subject -> ((Effect.Subject.Guest) subject).vmid())
          .distinct()
          .map(vmid -> line(fleet, vmid))
          .toList();
    } catch (ActionFailure _) {
      return List.of(); // the card says where to look instead
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static String line(Fleet fleet, Vmid vmid) {
    return fleet
        .guest(vmid)
        .map(guest ->
            "VM %s %s: on %s, %s%s"
                .formatted(
                    vmid,
                    guest.name(),
                    guest.node(),
                    guest.power().name().toLowerCase(java.util.Locale.ROOT),
                    guest.lock().map(", locked: "::concat).orElse("")))
        .orElseGet(() ->
            fleet.completeView()
                ? "VM %s: does not exist".formatted(vmid)
                : "VM %s: not in sight of the API token".formatted(vmid));
  }
}
