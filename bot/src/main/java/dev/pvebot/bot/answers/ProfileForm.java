package dev.pvebot.bot.answers;

import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.ProfileDraft;
import dev.pvebot.clusters.site.ProfileDraft.Need;
import dev.pvebot.clusters.site.ProfileEdit;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// `profile.new` and `profile.edit` as far as something is still missing: one question after the
/// other, each with what has been said so far. A button carries all of it, so that nothing is
/// remembered here; when all is said, the planner takes over.
public final class ProfileForm implements Answers {
  private static final int MOST_TEMPLATES = 6;
  private static final String KIND = "question";

  private final Supplier<Site> site;
  private final Chosen chosen;
  private final Sight sight;

  public ProfileForm(Supplier<Site> site, Chosen chosen, Sight sight) {
    this.site = site;
    this.chosen = chosen;
    this.sight = sight;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    return switch (command.intent()) {
      case "profile.new" -> anew(command);
      case "profile.edit" -> edit(command);
      default -> Optional.empty();
    };
  }

  private static List<String> settings(Command command) {
    return Said.text(command, "set").map(ProfileEdit::settings).orElse(List.of());
  }

  private Optional<Card> anew(Command command) throws InterruptedException {
    Optional<String> name = Said.text(command, "name");
    if (name.isEmpty()) {
      return Optional.of(
          question(
              "What shall the new profile be called?",
              List.of(new Card.Text("Lower-case letters, digits and inner hyphens; for good.")),
              List.of(input("Name…", "profile new", "The name of the new cluster"))));
    }
    try {
      ClusterName valid = new ClusterName(name.get());
      if (site.get().profile(valid).isPresent()) {
        return Optional.of(
            Card.of(
                "refusal",
                Card.Tone.WARNING,
                "There is a cluster called %s already".formatted(valid),
                "`profile edit %s` changes its profile.".formatted(valid)));
      }
      return ProfileDraft.of(valid, settings(command), site.get())
              instanceof ProfileDraft.Result.Needs(Need need)
          ? Optional.of(ask(valid, settings(command), need))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          Card.of(
              "refusal",
              Card.Tone.WARNING,
              "That profile cannot be: %s".formatted(e.getMessage()),
              "Say `profile new` again with another value."));
    }
  }

  private Card ask(ClusterName name, List<String> settings, Need need) throws InterruptedException {
    String said = String.join(" ", settings);
    String command = "profile new %s%s".formatted(name, said.isEmpty() ? "" : " " + said);
    List<Button> buttons = new ArrayList<>();
    for (Choice choice : choices(need, settings.contains("type=talos"))) {
      buttons.add(
          Button.plain(choice.label(), "%s %s=%s".formatted(command, need.key(), choice.value())));
    }
    if (need != Need.TYPE && need != Need.ENVIRONMENT) {
      buttons.add(input("Other…", "%s --%s".formatted(command, need.key()), words(need)));
    }
    List<Card.Block> body = new ArrayList<>();
    if (!settings.isEmpty()) {
      body.add(
          new Card.Fields(
              settings.stream()
                  .map(setting -> setting.split("=", 2))
                  .map(pair -> new Card.Field(pair[0], pair.length > 1 ? pair[1] : ""))
                  .toList()));
    }
    body.add(new Card.Text(hint(need)));
    return question("New profile %s: %s?".formatted(name, words(need)), body, buttons);
  }

  private record Choice(String label, String value) {
    static List<Choice> of(String... values) {
      return List.of(values).stream().map(value -> new Choice(value, value)).toList();
    }
  }

  private List<Choice> choices(Need need, boolean talos) throws InterruptedException {
    return switch (need) {
      case TYPE -> Choice.of("talos", "generic");
      case ENVIRONMENT -> Choice.of("dev", "staging", "production");
      case TEMPLATE -> templates();
      case VERSION -> versions();
      case ENDPOINT -> List.of();
      case MACHINES -> talos ? Choice.of("1", "3") : Choice.of("1", "2", "3");
      case CORES -> Choice.of("2", "4", "8");
      case MEMORY -> Choice.of("4G", "8G", "16G");
      case DISK -> Choice.of("20G", "50G", "100G");
    };
  }

  private List<Choice> templates() throws InterruptedException {
    return sight
        .fleet()
        .fleet()
        .templates()
        .filter(template -> site.get().templateRange().contains(template.vmid()))
        .limit(MOST_TEMPLATES)
        .map(ProfileForm::choice)
        .toList();
  }

  private static Choice choice(Fleet.Guest template) {
    return new Choice(
        "%s %s".formatted(template.vmid(), template.name()), template.vmid().toString());
  }

  /// Those that other clusters have.
  private List<Choice> versions() {
    return site.get().profiles().stream()
        .flatMap(profile -> profile.talos().stream())
        .map(ClusterProfile.Talos::version)
        .distinct()
        .sorted()
        .map(version -> new Choice(version, version))
        .toList();
  }

  private static String words(Need need) {
    return switch (need) {
      case TYPE -> "of which type";
      case ENVIRONMENT -> "for which environment";
      case TEMPLATE -> "cloned from which template";
      case VERSION -> "which version of Talos";
      case ENDPOINT -> "which address for Kubernetes";
      case MACHINES -> "how many machines";
      case CORES -> "how many cores each";
      case MEMORY -> "how much memory each";
      case DISK -> "how big a disk each";
    };
  }

  private static String hint(Need need) {
    return switch (need) {
      case TYPE -> "talos: up to a Kubernetes cluster. generic: VMs until they answer on SSH.";
      case ENVIRONMENT ->
          "It decides who has to consent to what is done to the cluster; production asks for most.";
      case TEMPLATE -> "VMID of the template; `template list` shows them.";
      case VERSION -> "Without v, for example 1.12.1.";
      case ENDPOINT ->
          "An address that nobody has; the control planes share it. For a name or another address"
              + " say api_endpoint=….";
      case MACHINES ->
          "Control planes of a Talos cluster, 1 or 3; workers=N adds workers of the same size.";
      case CORES, MEMORY, DISK -> "The same for all of them; `profile edit` can tell them apart.";
    };
  }

  private Optional<Card> edit(Command command) {
    Optional<ClusterProfile> profile = chosen.profile(command);
    if (profile.isEmpty() || !settings(command).isEmpty()) {
      return Optional.empty();
    }
    String said = "profile edit " + profile.get().name();
    List<Card.Field> fields = new ArrayList<>();
    List<Button> buttons = new ArrayList<>();
    profile
        .get()
        .talos()
        .ifPresent(talos -> {
          fields.add(new Card.Field("version", talos.version()));
          buttons.add(input("Version…", said + " --version", "To which version of Talos?"));
        });
    for (ClusterProfile.Group group : profile.get().groups()) {
      fields.add(
          new Card.Field(
              group.key(),
              "%d of %d cores, %d MiB, %d GiB"
                  .formatted(
                      group.machines().size(),
                      group.cores(),
                      group.memoryMiB(),
                      group.diskBytes() >> 30)));
      buttons.add(
          input(
              "How many %s…".formatted(group.key()),
              "%s --nodes.%s.count".formatted(said, group.key()),
              "How many %s?".formatted(group.key())));
    }
    fields.add(new Card.Field("template", profile.get().template().toString()));
    fields.add(new Card.Field("tags", String.join(", ", profile.get().tags())));
    buttons.add(input("Other…", said, "KEY=VALUE, for example tags+=blue"));
    return Optional.of(
        new Card(
            KIND,
            Card.Tone.NEUTRAL,
            "What shall change in the profile of %s?".formatted(profile.get().name()),
            List.of(
                new Card.Fields(fields),
                new Card.Text(
                    "For example `%1$s %2$s=3 nodes.%2$s.memory=16G`; any key of the file will do, and a machine's: `NAME.ip=…`."
                        .formatted(said, profile.get().groups().getFirst().key()))),
            buttons,
            Map.of("cluster", profile.get().name().value())));
  }

  private static Button input(String label, String command, String question) {
    return new Button(label, command, Button.Style.PLAIN, Optional.of(question));
  }

  private static Card question(String title, List<Card.Block> body, List<Button> buttons) {
    return new Card(KIND, Card.Tone.NEUTRAL, title, body, buttons, Map.of());
  }
}
