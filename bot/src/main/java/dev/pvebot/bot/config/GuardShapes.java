package dev.pvebot.bot.config;

import dev.pvebot.bot.gate.Freeze;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.yaml.Fields;
import dev.pvebot.clusters.yaml.Shape;
import dev.pvebot.commands.chat.Conversation;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How `zone`, `freezes`, `notices` and `self` are written.
final class GuardShapes {
  private GuardShapes() {}

  static Shape<ZoneId> zone() {
    return Shape.parsed(
        "a time zone such as Europe/Stockholm or UTC",
        text -> {
          try {
            return ZoneId.of(text);
          } catch (DateTimeException e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  static Shape<Freeze> freeze() {
    return Shape.mapping(fields -> {
      Optional<List<String>> clusters = fields.optional("clusters", Shape.listOf(Shape.text()));
      Optional<List<Environment>> environments =
          fields.optional("environments", Shape.listOf(Shape.oneOf(Environment.class)));
      Optional<Freeze.Window> window = window(fields);
      Optional<String> reason = fields.required("reason", Shape.text());
      return fields.build(() ->
          new Freeze(
              Set.copyOf(clusters.orElse(List.of())),
              Set.copyOf(environments.orElse(List.of())),
              window.orElseThrow(),
              reason.orElseThrow()));
    });
  }

  private static Optional<Freeze.Window> window(Fields fields) {
    Shape<Freeze.Moment> moment =
        Shape.parsed(
            "a time such as 2026-12-18 16:00 (the site's zone) or 2026-12-18T16:00:00+01:00",
            Freeze.Moment::parse);
    Optional<Freeze.Moment> from = fields.optional("from", moment);
    Optional<Freeze.Moment> to = fields.optional("to", moment);
    Optional<Freeze.Weekly> weekly =
        fields.optional(
            "weekly", Shape.parsed("a window such as Fri 16:00 - Mon 07:00", Freeze.Weekly::parse));
    boolean once = fields.has("from") && fields.has("to");
    boolean half = fields.has("from") != fields.has("to");
    if (half || once == fields.has("weekly")) {
      fields.problem(
          "weekly",
          once ? "both from/to and weekly" : "no whole window",
          "either from and to, or weekly",
          "");
    }
    if (from.isPresent()
        && to.isPresent()
        && !from.get().in(ZoneOffset.UTC).isBefore(to.get().in(ZoneOffset.UTC))) {
      fields.problem("to", "a time that is not after from", "a later time", "");
    }
    return weekly
        .<Freeze.Window>map(found -> found)
        .or(() -> from.flatMap(f -> to.map(t -> new Freeze.Once(f, t))));
  }

  /// `slack:C0123456`, `console:ops`.
  static Shape<Conversation> channel() {
    return Shape.parsed(
        "PLATFORM:CHANNEL, for example slack:C0123456 or console:ops",
        text -> {
          String[] parts = text.split(":", 2);
          if (parts.length != 2 || !parts[0].matches("[a-z]+") || parts[1].isBlank()) {
            throw new IllegalArgumentException(text);
          }
          return new Conversation(parts[0], parts[1], Optional.empty());
        });
  }

  static Shape<BotConfig.Self> self() {
    return Shape.mapping(fields -> {
      Optional<Integer> vm = fields.optional("vm", Shape.integer(100, 999_999_999));
      Optional<NodeName> node =
          fields.optional("node", Shape.parsed("the name of a node", NodeName::new));
      Optional<List<String>> storages = fields.optional("storages", Shape.listOf(Shape.text()));
      return fields.build(
          () -> new BotConfig.Self(vm.map(Vmid::new), node, storages.orElse(List.of())));
    });
  }
}
