package dev.pvebot.bot.answers;

import dev.pvebot.bot.gate.Gate;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.Environment;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.Help;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// `help`: what the asker may ask for, grouped; `help vm migrate`: one command in full.
public final class HelpAnswers implements Answers {
  /// More than this is a list to choose from.
  private static final int MOST_IN_FULL = 1;

  private static final int MOST_LISTED = 20;

  private final Supplier<Catalog> catalog;
  private final Rights rights;

  public HelpAnswers(Supplier<Catalog> catalog, Rights rights) {
    this.catalog = catalog;
    this.rights = rights;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) {
    if (!command.intent().equals("help")) {
      return Optional.empty();
    }
    Risk highest = rights.highestAsk(asker.person()).orElse(Risk.READ);
    Predicate<Catalog.Entry> may = entry -> entry.risk().compareTo(highest) <= 0;
    return Optional.of(
        Said.text(command, "topic")
            .map(topic -> topic(topic, may, asker.person()))
            .orElseGet(() -> overview(may)));
  }

  private Card overview(Predicate<Catalog.Entry> may) {
    List<Help.Group> groups = Help.groups(catalog.get(), may);
    List<Card.Field> fields =
        groups.stream()
            .map(group ->
                new Card.Field(
                    group.title(),
                    group.lines().stream()
                        .map(line ->
                            line.examples().isEmpty() ? line.usage() : line.examples().getFirst())
                        .limit(4)
                        .collect(Collectors.joining(" · "))))
            .toList();
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        "What you may ask for, by example",
        List.of(
            new Card.Fields(fields),
            new Card.Text("`help vm` lists a group, `help vm migrate` tells all of one command.")),
        groups.stream()
            .flatMap(group -> group.lines().stream().limit(1))
            .map(line -> line.intent().replaceFirst("\\..*", ""))
            .distinct()
            .limit(4)
            .map(topic -> Button.plain("Help " + topic, "help " + topic))
            .toList(),
        Map.of(
            "commands",
            groups.stream()
                .flatMap(group -> group.lines().stream())
                .map(Help.Line::intent)
                .toList()));
  }

  private Card topic(String topic, Predicate<Catalog.Entry> may, Person asker) {
    List<Help.Line> lines = Help.topic(catalog.get(), topic, may);
    if (lines.isEmpty()) {
      boolean forbidden = !Help.topic(catalog.get(), topic, _ -> true).isEmpty();
      return Card.of(
          "refusal",
          Card.Tone.WARNING,
          forbidden
              ? "Your roles do not let you do that: " + topic
              : "I know nothing about `%s`".formatted(topic),
          "`help` shows what you may ask for.");
    }
    return lines.size() <= MOST_IN_FULL ? full(lines.getFirst(), asker) : list(topic, lines);
  }

  private static Card list(String topic, List<Help.Line> lines) {
    List<Card.Field> fields =
        lines.stream()
            .limit(MOST_LISTED)
            .map(line -> new Card.Field(line.intent().replace('.', ' '), line.summary()))
            .toList();
    List<Card.Block> body = new ArrayList<>();
    body.add(new Card.Fields(fields));
    if (lines.size() > MOST_LISTED) {
      body.add(new Card.Text("and %d more".formatted(lines.size() - MOST_LISTED)));
    }
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        "%d commands about %s".formatted(lines.size(), topic),
        body,
        lines.stream()
            .limit(4)
            .map(line -> line.intent().replace('.', ' '))
            .map(words -> Button.plain(words, "help " + words))
            .toList(),
        Map.of("commands", lines.stream().map(Help.Line::intent).toList()));
  }

  private Card full(Help.Line line, Person asker) {
    List<Card.Field> fields = new ArrayList<>();
    fields.add(new Card.Field("Say", line.usage()));
    line.examples().forEach(example -> fields.add(new Card.Field("Or", example)));
    catalog
        .get()
        .entry(line.intent())
        .ifPresent(entry ->
            entry
                .params()
                .forEach(param ->
                    fields.add(
                        new Card.Field(
                            param.name(),
                            param.description().orElseGet(() -> kind(param.type()))
                                + (param.required() ? "" : " (optional)")))));
    fields.add(new Card.Field("Risk", line.risk().word()));
    for (Environment environment : Environment.values()) {
      boolean mayAsk =
          rights.mayAsk(asker, line.risk(), new Rights.Target(Optional.empty(), environment));
      fields.add(
          new Card.Field(
              environment.name().toLowerCase(Locale.ROOT),
              consent(line.risk(), environment) + (mayAsk ? "" : "; not for you")));
    }
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        "%s: %s".formatted(line.intent().replace('.', ' '), line.summary()),
        List.of(new Card.Fields(fields)),
        List.of(),
        Map.of("intent", line.intent(), "risk", line.risk().word(), "examples", line.examples()));
  }

  private static String consent(Risk risk, Environment environment) {
    String more = risk == Risk.ROUTINE ? "; Confirm for many targets" : "";
    return switch (Gate.required(risk, environment, 1)) {
      case NONE -> risk == Risk.READ ? "answers" : "runs at once" + more;
      case CONFIRM -> "your Confirm";
      case APPROVAL -> "somebody else's approval";
      case TYPED_NAME -> "the target's name, typed by you";
      case TYPED_NAME_AND_APPROVAL ->
          "the target's name, typed by you, and somebody else's approval";
    };
  }

  private static String kind(Catalog.Type type) {
    return switch (type) {
      case PROFILE -> "a cluster, by name or alias";
      case NODE -> "a node";
      case VM -> "a VMID, or a VM's name";
      case VMS -> "VMIDs or names, several with commas or `and`";
      case TEMPLATE -> "a template's VMID";
      case TAG -> "a tag";
      case NAME -> "a name";
      case TEXT -> "text";
      case INTEGER -> "a number";
      case MEMORY -> "memory, `8G` or `8192`";
      case SIZE -> "a size, `100G` or `+50G`";
      case CIDR -> "an address, `10.0.0.5/24`";
      case DISK -> "a disk, `scsi0`";
      case STORAGE -> "a storage";
      case VERSION -> "a version, `1.12.1`";
      case BOOLEAN -> "yes or no";
      case DURATION -> "a time, `90s` or `10m`";
      case OPERATION -> "an operation's number";
      case UPID -> "a task's UPID";
      case URL -> "a web address";
    };
  }
}
