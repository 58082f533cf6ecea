package dev.pvebot.bot.config;

import dev.pvebot.bot.gate.Freeze;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.clusters.yaml.Fields;
import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.clusters.yaml.Problems;
import dev.pvebot.clusters.yaml.Shape;
import dev.pvebot.clusters.yaml.YamlReader;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads `pvebot.yaml`, or says everything that is wrong with it.
public final class BotConfigReader {
  private static final String SQLITE = "jdbc:sqlite:";
  private static final String POSTGRESQL = "jdbc:postgresql:";

  /// What is served there is for this machine's own eyes: it is neither encrypted nor asks who you
  /// are.
  private static final Shape<InetSocketAddress> LOOPBACK =
      Shape.parsed(
          "a loopback address with a port, for example 127.0.0.1:9469",
          text -> {
            Matcher parts =
                Pattern.compile("(127(?:\\.\\d{1,3}){3}|\\[::1]):(\\d{1,5})").matcher(text);
            if (!parts.matches()) {
              throw new IllegalArgumentException("no loopback address with a port");
            }
            return new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2)));
          });

  private BotConfigReader() {}

  public sealed interface Result {
    record Read(BotConfig config) implements Result {}

    record Refused(List<Problem> problems) implements Result {
      public Refused {
        problems = List.copyOf(problems);
      }
    }
  }

  public static Result read(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
    YamlReader.Parsed parsed = YamlReader.read(absolute, file.toString());
    Problems problems = new Problems();
    problems.addAll(parsed.problems());
    Optional<BotConfig> config =
        parsed.root().flatMap(root -> shape(absolute, folder).read(root, "", problems));
    if (problems.isEmpty() && config.isEmpty()) {
      problems.add(
          Position.file(file.toString()),
          "",
          "nothing in it",
          "at least roles and people",
          "The README has an example.");
    }
    return problems.isEmpty() && config.isPresent()
        ? new Result.Read(config.get())
        : new Result.Refused(problems.list());
  }

  private static Shape<BotConfig> shape(Path file, Path folder) {
    Shape<Path> path = Shape.parsed("a path", text -> folder.resolve(home(text)).normalize());
    return Shape.mapping(fields -> {
      Optional<Path> site = fields.optional("site", path);
      Optional<Path> runbooks = fields.optional("runbooks", path);
      Optional<BotConfig.Store> store = fields.optional("store", store(folder));
      Optional<Path> socket = fields.optional("socket", path);
      boolean trust =
          fields
              .optional("console", Shape.mapping(console -> flag(console, "trust")))
              .orElse(false);
      Optional<Optional<SecretRef>> token =
          fields.optional(
              "pve",
              Shape.mapping(pve -> {
                Optional<SecretRef> ref = pve.optional("token", secretRef());
                return pve.build(() -> ref);
              }));
      Optional<Optional<InetSocketAddress>> metrics =
          fields.optional(
              "metrics",
              Shape.mapping(entry -> {
                Optional<InetSocketAddress> listen = entry.required("listen", LOOPBACK);
                return entry.build(() -> listen);
              }));
      Optional<Double> pace =
          fields.optional("pace", Shape.parsed("a number from 1 to 10000", Double::parseDouble));
      Duration expire =
          fields
              .optional(
                  "approvals",
                  Shape.mapping(approvals -> {
                    Optional<Integer> minutes =
                        approvals.optional("expire_minutes", Shape.integer(1, 24 * 60));
                    return approvals.build(() ->
                        minutes
                            .map(Duration::ofMinutes)
                            .orElse(BotConfig.Approvals.DEFAULT_EXPIRE));
                  }))
              .orElse(BotConfig.Approvals.DEFAULT_EXPIRE);
      Optional<Map<String, List<Rights.Grant>>> roles =
          fields.required("roles", Shape.mapOf(Shape.listOf(grant())));
      Optional<Map<String, Entry>> people = fields.required("people", Shape.mapOf(person()));
      Optional<ChatConfig.Slack> slack = fields.optional("slack", ChatShapes.slack(secretRef()));
      Optional<ZoneId> zone = fields.optional("zone", GuardShapes.zone());
      Optional<List<Freeze>> freezes =
          fields.optional("freezes", Shape.listOf(GuardShapes.freeze()));
      Optional<List<Conversation>> notices =
          fields.optional("notices", Shape.listOf(GuardShapes.channel()));
      Optional<BotConfig.Self> self = fields.optional("self", GuardShapes.self());
      checkRoles(fields, roles, people);
      Map<String, Person> onSlack = onSlack(fields, people);
      return fields.build(() ->
          new BotConfig(
              file,
              site.orElse(folder),
              runbooks,
              store.orElse(defaultStore(folder)),
              socket.orElse(folder.resolve("pvebot.sock")),
              trust,
              token.flatMap(ref -> ref),
              metrics.flatMap(listen -> listen),
              pace.orElse(1.0),
              new BotConfig.Approvals(expire),
              rights(roles.orElseThrow(), people.orElseThrow()),
              zone.orElseGet(ZoneId::systemDefault),
              zones(people.orElseThrow()),
              freezes.orElse(List.of()),
              notices.orElse(List.of()),
              self.orElse(new BotConfig.Self(Optional.empty(), Optional.empty(), List.of())),
              consoleUsers(people.orElseThrow()),
              new ChatConfig(slack, Map.of("slack", onSlack))));
    });
  }

  private record Entry(
      List<String> roles,
      Optional<String> console,
      Optional<String> slack,
      Optional<ZoneId> zone) {}

  private static Optional<Boolean> flag(Fields fields, String key) {
    Optional<Boolean> value = fields.optional(key, Shape.flag());
    return fields.build(() -> value.orElse(false));
  }

  private static Shape<BotConfig.Store> store(Path folder) {
    return Shape.mapping(fields -> {
      Optional<String> url = fields.required("url", Shape.text());
      url.ifPresent(text -> checkUrl(fields, text));
      Optional<String> user = fields.optional("user", Shape.text());
      Optional<SecretRef> password = fields.optional("password", secretRef());
      return fields.build(
          () -> new BotConfig.Store(absoluteUrl(url.orElseThrow(), folder), user, password));
    });
  }

  private static Shape<SecretRef> secretRef() {
    return (node, key, problems) -> {
      if (node instanceof dev.pvebot.clusters.yaml.YamlNode.Scalar scalar) {
        try {
          return Optional.of(SecretRef.parse(scalar.text()));
        } catch (IllegalArgumentException refused) {
          // what was found is not repeated: it may be the secret itself
          problems.add(
              node.position(),
              key,
              "something else (not shown, it may be a secret)",
              "a reference: pass:ENTRY, env:VARIABLE or file:PATH",
              "");
          return Optional.empty();
        }
      }
      problems.add(
          node.position(),
          key,
          node.describe(),
          "a reference: pass:ENTRY, env:VARIABLE or file:PATH",
          "");
      return Optional.empty();
    };
  }

  private static Shape<Rights.Grant> grant() {
    return Shape.mapping(fields -> {
      Optional<List<String>> clusters = fields.optional("clusters", Shape.listOf(Shape.text()));
      Optional<List<Environment>> environments =
          fields.optional("environments", Shape.listOf(Shape.oneOf(Environment.class)));
      Optional<Risk> ask = fields.optional("ask", Shape.oneOf(Risk.class));
      Optional<Risk> approve = fields.optional("approve", Shape.oneOf(Risk.class));
      if (!fields.has("ask") && !fields.has("approve")) {
        fields.problem(
            "ask",
            "neither ask nor approve",
            "at least one of them",
            "A grant without them allows nothing.");
      }
      return fields.build(() ->
          new Rights.Grant(
              Set.copyOf(clusters.orElse(List.of())),
              Set.copyOf(environments.orElse(List.of())),
              ask,
              approve));
    });
  }

  private static Shape<Entry> person() {
    return Shape.mapping(fields -> {
      Optional<List<String>> roles = fields.required("roles", Shape.listOf(Shape.text()));
      Optional<String> console = fields.optional("console", Shape.text());
      Optional<String> slack = fields.optional("slack", Shape.text());
      Optional<ZoneId> zone = fields.optional("zone", GuardShapes.zone());
      return fields.build(() -> new Entry(roles.orElseThrow(), console, slack, zone));
    });
  }

  private static void checkRoles(
      Fields fields,
      Optional<Map<String, List<Rights.Grant>>> roles,
      Optional<Map<String, Entry>> people) {
    if (roles.isEmpty() || people.isEmpty()) {
      return;
    }
    Set<String> users = new HashSet<>();
    people
        .get()
        .forEach((id, entry) -> {
          try {
            new Person(id);
          } catch (IllegalArgumentException refused) {
            fields.problem("people." + id, "'" + id + "'", "a person's id in lower case", "");
          }
          for (String role : entry.roles()) {
            if (!roles.get().containsKey(role)) {
              fields.problem(
                  "people." + id + ".roles",
                  "the role '" + role + "'",
                  "one of " + String.join(", ", new java.util.TreeSet<>(roles.get().keySet())),
                  "Define it under roles, or correct its name.");
            }
          }
          String user = entry.console().orElse(id);
          if (!users.add(user)) {
            fields.problem(
                "people." + id + ".console",
                "the Unix user '" + user + "' a second time",
                "one person for each Unix user",
                "");
          }
        });
  }

  private static Map<String, Person> onSlack(Fields fields, Optional<Map<String, Entry>> people) {
    Map<String, String> ids = new HashMap<>();
    people
        .orElse(Map.of())
        .forEach((person, entry) -> entry.slack().ifPresent(id -> ids.put(person, id)));
    return ChatShapes.people(fields, "slack", ids);
  }

  private static Rights rights(Map<String, List<Rights.Grant>> roles, Map<String, Entry> people) {
    Map<Person, Set<String>> byPerson = new HashMap<>();
    people.forEach((id, entry) -> byPerson.put(new Person(id), Set.copyOf(entry.roles())));
    return new Rights(roles, byPerson);
  }

  private static Map<String, Person> consoleUsers(Map<String, Entry> people) {
    Map<String, Person> users = new HashMap<>();
    people.forEach((id, entry) -> users.put(entry.console().orElse(id), new Person(id)));
    return users;
  }

  private static Map<Person, ZoneId> zones(Map<String, Entry> people) {
    Map<Person, ZoneId> zones = new HashMap<>();
    people.forEach((id, entry) -> entry.zone().ifPresent(zone -> zones.put(new Person(id), zone)));
    return zones;
  }

  private static BotConfig.Store defaultStore(Path folder) {
    return new BotConfig.Store(
        "jdbc:sqlite:" + folder.resolve("pvebot.db"), Optional.empty(), Optional.empty());
  }

  /// A relative SQLite file counts from the configuration's folder, wherever the bot was started.
  private static String absoluteUrl(String url, Path folder) {
    return url.startsWith(SQLITE)
        ? SQLITE + folder.resolve(home(url.substring(SQLITE.length()))).normalize()
        : url;
  }

  /// The address is shown in messages, so what stands in it must be no secret.
  private static void checkUrl(Fields fields, String url) {
    if (url.matches("(?i).*[?&]password=.*") || url.matches("jdbc:postgresql://[^/?]*@.*")) {
      fields.problem(
          "url",
          "a password (not shown)",
          "an address without one",
          "Name it by reference under store.password.");
    } else if (!url.startsWith(SQLITE) && !url.startsWith(POSTGRESQL)) {
      fields.problem(
          "url", "something else", "jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE", "");
    }
  }

  private static String home(String path) {
    return path.startsWith("~/") ? System.getProperty("user.home") + path.substring(1) : path;
  }
}
