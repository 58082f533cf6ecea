package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.ConfigWords;
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
import java.util.Map;
import java.util.Optional;

/// `pve.vm.eject`: takes the images out of CD-ROM drives; the drives stay.
final class EjectDisc extends GuestAction<EjectDisc.Inputs, EjectDisc.Output> {
  private static final String NOTHING = "none";

  /// @param drives keys of the configuration, `ide2`
  public record Inputs(Vmid vm, List<String> drives) {
    public Inputs {
      drives = List.copyOf(drives);
    }
  }

  public record Output() {}

  EjectDisc(Reach reach) {
    super(
        reach,
        "pve.vm.eject",
        Inputs.class,
        Output.class,
        traits(
            Risk.CHANGE, Duration.ofMinutes(2), Duration.ofSeconds(15), onVms("VM.Config.CDROM")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "emptying the CD-ROM drives %s of".formatted(String.join(", ", inputs.drives()));
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseLocked(guest);
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    Map<String, String> config = detail.map(GuestDetail::config).orElse(Map.of());
    List<String> images = new ArrayList<>();
    for (String drive : inputs.drives()) {
      String line = config.getOrDefault(drive, "");
      if (detail.isPresent() && !line.contains("media=cdrom")) {
        throw ActionFailure.refused(
            "%s has no CD-ROM drive %s".formatted(Words.named(guest), drive),
            "`vm show %s` lists its drives".formatted(inputs.vm()));
      }
      String volume = volume(line);
      if (!volume.equals(NOTHING)) {
        images.add("%s from %s".formatted(volume, drive));
      }
    }
    return preview(
        inputs,
        images.isEmpty() ? Effect.Kind.KEEP : Effect.Kind.CHANGE,
        guest,
        images.isEmpty()
            ? "the CD-ROM drives of %s are empty".formatted(Words.named(guest))
            : "%s loses %s".formatted(Words.onNode(guest), String.join(", ", images)),
        detail,
        planning.fleet(),
        Duration.ofSeconds(1));
  }

  private static String volume(String line) {
    return ConfigWords.parts(line, "volume").getOrDefault("volume", NOTHING);
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    PveCall call = PveCall.put(words(inputs, now), path(now, "config"));
    for (String drive : inputs.drives()) {
      call = call.with(drive, NOTHING + ",media=cdrom");
    }
    return call.with("digest", now.digest());
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now) {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    return inputs.drives().stream()
        .filter(drive -> !volume(now.get().get(drive).orElse("")).equals(NOTHING))
        .findFirst()
        .<Observation<Output>>map(
            drive -> new Observation.NotDone<>("%s still holds an image".formatted(drive)))
        .orElseGet(() -> new Observation.Done<>(new Output()));
  }
}
