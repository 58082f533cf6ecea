package dev.pvebot.bot.answers;

import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// `vm.list` and `ct.list`, by state, tag, node and cluster.
public final class GuestLists implements Answers {
  private final Sight sight;
  private final Chosen chosen;
  private final FleetAnswers fleetAnswers;

  public GuestLists(Sight sight, Chosen chosen, FleetAnswers fleetAnswers) {
    this.sight = sight;
    this.chosen = chosen;
    this.fleetAnswers = fleetAnswers;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    return switch (command.intent()) {
      case "vm.list" -> Optional.of(list(command, Fleet.Kind.VM, "VMs"));
      case "ct.list" -> Optional.of(list(command, Fleet.Kind.CONTAINER, "containers"));
      default -> Optional.empty();
    };
  }

  private Card list(Command command, Fleet.Kind kind, String word) throws InterruptedException {
    Fleet fleet = sight.fleet().fleet();
    Optional<String> state = Said.text(command, "state").filter(text -> !text.equals("all"));
    Optional<NodeName> node = Said.node(command);
    Optional<ClusterProfile> profile = chosen.profile(command);
    List<Fleet.Guest> from =
        Said.text(command, "tag").isPresent() || profile.isPresent()
            ? chosen.guests(command, fleet).orElse(List.of())
            : fleet.guests();
    List<Fleet.Guest> guests =
        from.stream()
            .filter(guest -> guest.kind() == kind && !guest.template())
            .filter(guest -> node.map(guest.node()::equals).orElse(true))
            .filter(is(state))
            .toList();
    String which =
        state.map(text -> text + " ").orElse("")
            + word
            + Said.text(command, "tag").map(tag -> " tagged " + tag).orElse("")
            + profile.map(found -> " of " + found.name()).orElse("")
            + node.map(name -> " on " + name).orElse("");
    List<Button> buttons =
        profile
            .map(found -> List.of(Button.plain("Status", "cluster status " + found.name())))
            .orElse(List.of());
    return fleetAnswers.guests(fleet, which, guests, buttons);
  }

  private static Predicate<Fleet.Guest> is(Optional<String> state) {
    return switch (state.orElse("")) {
      case "running" -> Fleet.Guest::isRunning;
      case "stopped" -> guest -> guest.power() == Fleet.Power.STOPPED;
      case "locked" -> guest -> guest.lock().isPresent();
      case "failed" -> guest -> guest.power() == Fleet.Power.UNKNOWN;
      default -> _ -> true;
    };
  }
}
