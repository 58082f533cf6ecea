package dev.pvebot.bot.progress;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/// A plan in lines: what people approve.
final class PlanLines {
  private PlanLines() {}

  static String title(Plan plan) {
    String risk =
        plan.risk() == Risk.DESTRUCTIVE
            ? "DESTRUCTIVE · cannot be undone"
            : plan.risk().word() + " · " + Figures.about(plan.estimate());
    return "%s · %s".formatted(plan.title(), risk);
  }

  static List<Card.Block> body(Plan plan) {
    List<Card.EffectLine> lines = effectLines(plan);
    List<Card.Block> body = new ArrayList<>();
    body.add(new Card.Effects(lines));
    body.addAll(literals(plan));
    for (String note : plan.notes()) {
      body.add(new Card.Text(note));
    }
    List<String> exclusive =
        plan.locks().stream().filter(Plan.LockKey::exclusive).map(Plan.LockKey::name).toList();
    Optional<String> lock =
        exclusive.stream()
            .filter(name -> name.startsWith("cluster/"))
            .findFirst()
            .or(() -> exclusive.size() == 1 ? Optional.of(exclusive.getFirst()) : Optional.empty());
    lock.ifPresent(name -> body.add(new Card.Text("Lock: " + name)));
    return body;
  }

  /// Every effect, in order.
  static List<Card.Block> every(Plan plan) {
    List<Card.Block> body = new ArrayList<>();
    body.add(
        new Card.Effects(
            plan.effects().stream()
                .map(effect -> new Card.EffectLine(effect.kind().sign(), headline(effect)))
                .toList()));
    body.addAll(literals(plan));
    return body;
  }

  /// What is created, destroyed or kept, line by line. What is created is shown as it is at the
  /// end, what is destroyed as it is now; the changes on the way between are left to `steps N`.
  private static List<Card.EffectLine> effectLines(Plan plan) {
    Map<Vmid, Plan.Made> made =
        plan.made().stream().collect(Collectors.toMap(Plan.Made::vmid, one -> one));
    Set<Vmid> whole =
        plan.effects().stream()
            .filter(effect ->
                effect.kind() == Effect.Kind.CREATE || effect.kind() == Effect.Kind.DESTROY)
            .flatMap(effect -> vmid(effect).stream())
            .collect(Collectors.toSet());
    List<Card.EffectLine> lines = new ArrayList<>();
    for (Effect effect : plan.effects()) {
      Optional<Vmid> vmid = vmid(effect);
      if (effect.kind() == Effect.Kind.CHANGE && vmid.filter(whole::contains).isPresent()) {
        continue;
      }
      String text =
          effect.kind() == Effect.Kind.CREATE
              ? vmid.flatMap(id -> Optional.ofNullable(made.get(id)))
                  .map(PlanLines::line)
                  .orElse(headline(effect))
              : headline(effect);
      lines.add(new Card.EffectLine(effect.kind().sign(), text));
    }
    return lines;
  }

  /// An effect's first line.
  private static String headline(Effect effect) {
    return effect.text().lines().findFirst().orElse("");
  }

  /// The other lines of all effects.
  private static List<Card.Literal> literals(Plan plan) {
    return plan.effects().stream()
        .flatMap(effect -> literal(effect).stream())
        .map(Card.Literal::new)
        .toList();
  }

  private static Optional<String> literal(Effect effect) {
    int end = effect.text().indexOf('\n');
    return end < 0 ? Optional.empty() : Optional.of(effect.text().substring(end + 1));
  }

  private static Optional<Vmid> vmid(Effect effect) {
    return effect.subject() instanceof Effect.Subject.Guest guest
        ? Optional.of(guest.vmid())
        : Optional.empty();
  }

  private static String line(Plan.Made made) {
    StringJoiner line = new StringJoiner("  ");
    line.add("VM %s %s on %s".formatted(made.vmid(), made.name(), made.node()));
    if (made.memoryBytes() > 0) {
      // a VM that comes out of a backup shows its size only then
      line.add(Figures.count(made.cores(), "core"));
      line.add(Figures.bytes(made.memoryBytes()));
    }
    if (made.diskBytes() > 0) {
      line.add(Figures.bytes(made.diskBytes()));
    }
    return line.add(made.how()).toString();
  }
}
