package dev.pvebot.bot;

import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.Interpreter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The catalog with the names of the guests that the last look at the fleet showed, so that
/// "restart grafana" is understood. Nothing is read here: a stale name does no harm, for a target
/// is looked at when it is planned. A name that several guests have is asked about.
final class LiveVocabulary implements Function<String, Command> {
  private final Supplier<Catalog> base;
  private final Supplier<Optional<Fleet>> newest;
  private final Interpreter interpreter = new Interpreter();
  private final AtomicReference<Known> known;

  /// @param base what the site's files say
  /// @param shared names that several guests have, in lower case
  private record Known(Catalog base, Catalog catalog, Map<String, List<Fleet.Guest>> shared) {}

  /// @param base the same catalog as long as the files are the same
  /// @param newest the newest snapshot of the fleet; must not read it
  LiveVocabulary(Supplier<Catalog> base, Supplier<Optional<Fleet>> newest) {
    this.base = base;
    this.newest = newest;
    this.known = new AtomicReference<>(new Known(base.get(), base.get(), Map.of()));
  }

  /// The catalog as it is now. The same one as long as the names are the same, for it is compiled.
  Catalog catalog() {
    return known().catalog();
  }

  private Known known() {
    Optional<Fleet> fleet = newest.get();
    Catalog files = base.get();
    if (fleet.isEmpty()) {
      return known.updateAndGet(before ->
          before.base() == files
              ? before
              : new Known(files, files.withMachines(before.catalog().machines()), before.shared()));
    }
    Map<String, List<Fleet.Guest>> byName = new TreeMap<>();
    for (Fleet.Guest guest : fleet.get().guests()) {
      byName
          .computeIfAbsent(guest.name().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(guest);
    }
    Map<String, Integer> single = new TreeMap<>();
    Map<String, List<Fleet.Guest>> shared = new TreeMap<>();
    byName.forEach((name, guests) -> {
      if (guests.size() == 1) {
        single.put(name, guests.getFirst().vmid().value());
      } else {
        shared.put(name, List.copyOf(guests));
      }
    });
    return known.updateAndGet(before ->
        new Known(
            files,
            before.base() == files && before.catalog().machines().equals(single)
                ? before.catalog()
                : files.withMachines(single),
            shared));
  }

  @Override
  public Command apply(String text) {
    Known now = known();
    Command command = interpreter.interpret(text, now.catalog());
    return command.isNone() ? ambiguous(text, now).orElse(command) : command;
  }

  /// Which of the guests of one name is meant, if each would make a command of the text.
  private Optional<Command> ambiguous(String text, Known now) {
    for (Map.Entry<String, List<Fleet.Guest>> name : now.shared().entrySet()) {
      Matcher word =
          Pattern.compile(
                  "(?<![\\w.-])" + Pattern.quote(name.getKey()) + "(?![\\w-])",
                  Pattern.CASE_INSENSITIVE)
              .matcher(text);
      if (!word.find()) {
        continue;
      }
      List<String> texts =
          name.getValue().stream()
              .map(guest -> word.replaceFirst(guest.vmid().toString()))
              .filter(each -> !interpreter.interpret(each, now.catalog()).isNone())
              .toList();
      if (!texts.isEmpty()) {
        return Optional.of(
            Command.none(
                "ambiguous",
                new Command.Reply(
                    "%d guests are called %s: %s. Which one?"
                        .formatted(name.getValue().size(), name.getKey(), places(name.getValue())),
                    texts)));
      }
    }
    return Optional.empty();
  }

  private static String places(List<Fleet.Guest> guests) {
    return String.join(
        ", ",
        guests.stream().map(guest -> "%s on %s".formatted(guest.vmid(), guest.node())).toList());
  }
}
