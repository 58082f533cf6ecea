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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// `pve.vm.tag`: puts tags on a VM and takes tags off. PVE knows only whole lists, so the preview
/// pins the full new list.
final class VmTags extends GuestAction<VmTags.Inputs, VmTags.Output> {
  private static final Pattern TAG = Pattern.compile("(?i)[a-z0-9_][a-z0-9_+.-]*");

  /// @param tags the full new list, pinned by the preview; runbooks give `add` and `remove`
  public record Inputs(
      Vmid vm,
      Optional<List<String>> add,
      Optional<List<String>> remove,
      Optional<List<String>> tags) {}

  public record Output(List<String> tags) {}

  VmTags(Reach reach) {
    super(
        reach,
        "pve.vm.tag",
        Inputs.class,
        Output.class,
        traits(
            Risk.CHANGE,
            Duration.ofMinutes(2),
            Duration.ofSeconds(15),
            onVms("VM.Config.Options")));
  }

  static Set<String> of(String text) {
    Set<String> tags = new TreeSet<>();
    for (String tag : text.split("[,;\\s]+", -1)) {
      if (!tag.isEmpty()) {
        tags.add(tag.toLowerCase(Locale.ROOT));
      }
    }
    return tags;
  }

  static void refuseUnfit(String tag) {
    if (!TAG.matcher(tag).matches()) {
      throw ActionFailure.refused(
          "'%s' is no tag".formatted(tag),
          "use letters, digits, _ + . and -, beginning with a letter, digit or _");
    }
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "tagging";
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseLocked(guest);
    Set<String> add = normal(inputs.add());
    Set<String> remove = normal(inputs.remove());
    add.forEach(VmTags::refuseUnfit);
    Set<String> after = wanted(inputs, guest.tags());
    List<String> changes = new ArrayList<>();
    after.stream()
        .filter(tag -> !guest.tags().contains(tag))
        .forEach(tag -> changes.add("+" + tag));
    guest.tags().stream()
        .filter(tag -> !after.contains(tag))
        .forEach(tag -> changes.add("-" + tag));
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    String list = after.isEmpty() ? "none" : String.join(", ", after);
    return preview(
        new Inputs(
            inputs.vm(),
            Optional.of(List.copyOf(add)),
            Optional.of(List.copyOf(remove)),
            Optional.of(List.copyOf(after))),
        changes.isEmpty() ? Effect.Kind.KEEP : Effect.Kind.CHANGE,
        guest,
        changes.isEmpty()
            ? "%s keeps its tags: %s".formatted(Words.named(guest), list)
            : "%s: tags %s (%s)".formatted(Words.named(guest), list, String.join(" ", changes)),
        detail,
        Projected.with(planning.fleet(), Projected.tags(guest, after)),
        Duration.ofSeconds(2));
  }

  private static Set<String> normal(Optional<List<String>> tags) {
    Set<String> normal = new TreeSet<>();
    tags.orElse(List.of()).forEach(tag -> normal.add(tag.toLowerCase(Locale.ROOT)));
    return normal;
  }

  private static Set<String> wanted(Inputs inputs, Set<String> now) {
    if (inputs.tags().isPresent()) {
      return normal(inputs.tags());
    }
    Set<String> wanted = new TreeSet<>(now);
    wanted.addAll(normal(inputs.add()));
    wanted.removeAll(normal(inputs.remove()));
    return wanted;
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    Set<String> wanted = wanted(inputs, now.tags());
    PveCall call =
        PveCall.put(
            "tagging VM %s on %s".formatted(now.vmid(), now.node()),
            "nodes",
            now.node(),
            "qemu",
            now.vmid(),
            "config");
    return (wanted.isEmpty()
            ? call.with("delete", "tags")
            : call.with("tags", String.join(";", wanted)))
        .with("digest", now.digest());
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now) {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    Set<String> tags = now.get().tags();
    return tags.equals(wanted(inputs, tags))
        ? new Observation.Done<>(new Output(List.copyOf(tags)))
        : new Observation.NotDone<>(
            "its tags are " + (tags.isEmpty() ? "none" : String.join(", ", tags)));
  }
}
