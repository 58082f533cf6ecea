package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.talos.proto.machine.ApplyConfiguration;
import dev.pvebot.integrations.lab.talos.proto.machine.ApplyConfigurationRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.ApplyConfigurationRequest.Mode;
import dev.pvebot.integrations.lab.talos.proto.machine.ApplyConfigurationResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// ApplyConfiguration in all its modes (v1alpha1_server.go; maintenance/server.go up to 1.12).
final class Applying {
  /// What cannot change without a reboot; all else can.
  private static final List<String[]> NEEDS_REBOOT =
      List.of(
          new String[] {"machine", "type"},
          new String[] {"machine", "disks"},
          new String[] {"machine", "files"},
          new String[] {"machine", "systemDiskEncryption"});

  private static final String REBOOTS = "Applied configuration with a reboot";
  private static final String LIVE = "Applied configuration without a reboot";
  private static final String STAGED = "Staged configuration to be applied after the next reboot";

  private final TalosWorld world;

  Applying(TalosWorld world) {
    this.world = world;
  }

  ApplyConfigurationResponse apply(TalosMachine machine, ApplyConfigurationRequest request) {
    boolean maintenance = machine.config().isEmpty();
    if (!maintenance && !Gate.roles().contains(Rules.ADMIN)) {
      throw Answers.error(Status.PERMISSION_DENIED, "not authorized");
    }
    Mode asked = request.getMode();
    if (maintenance && (asked == Mode.NO_REBOOT || asked == Mode.STAGED)) {
      throw Answers.error(
          Status.UNIMPLEMENTED,
          "apply configuration --mode='%s' is not supported in maintenance mode"
              .formatted(asked.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')));
    }
    MachineConfig next;
    try {
      next = MachineConfig.parse(request.getData().toByteArray());
    } catch (MachineConfig.Invalid e) {
      throw Answers.error(Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
    boolean reboots =
        !maintenance && machine.config().map(old -> needsReboot(old, next)).orElse(false);
    Mode mode = asked == Mode.AUTO ? maintenance || reboots ? Mode.REBOOT : Mode.NO_REBOOT : asked;
    if (reboots && (mode == Mode.NO_REBOOT || mode == Mode.TRY)) {
      throw Answers.error(
          Status.INVALID_ARGUMENT,
          "this config change can't be applied in immediate mode\ndiff: machine");
    }
    String details =
        switch (mode) {
          case REBOOT -> REBOOTS;
          case STAGED -> STAGED;
          default -> LIVE;
        };
    if (request.getDryRun()) {
      boolean same = machine.config().map(old -> old.text().equals(next.text())).orElse(false);
      return reply(
          mode,
          "Dry run summary:\n%s (skipped in dry-run).\nConfig diff:\n%s\n"
              .formatted(details, same ? "No changes." : Diff.of(machine.config(), next)));
    }
    switch (mode) {
      case STAGED -> machine.disk.staged = Optional.of(next);
      case TRY -> attempt(machine, next, request);
      case REBOOT -> {
        if (maintenance) {
          machine.configure(next);
        } else {
          machine.disk.config = Optional.of(next);
          machine.effect("configured", next.type() + " of " + next.clusterName());
          machine.orders().reboot(UUID.randomUUID().toString(), false);
        }
      }
      default -> machine.configure(next);
    }
    return reply(mode, details);
  }

  private static boolean needsReboot(MachineConfig old, MachineConfig next) {
    return NEEDS_REBOOT.stream().anyMatch(path -> !old.string(path).equals(next.string(path)));
  }

  /// Live only, and taken back unless something else is applied meanwhile.
  private void attempt(
      TalosMachine machine, MachineConfig next, ApplyConfigurationRequest request) {
    Optional<MachineConfig> before = machine.config();
    Optional<MachineConfig> stored = machine.disk.config;
    machine.configure(next);
    Duration patience =
        request.hasTryModeTimeout()
            ? Duration.ofSeconds(request.getTryModeTimeout().getSeconds())
            : Duration.ofMinutes(1);
    machine.after(
        patience,
        () -> {
          if (machine.config().filter(next::equals).isPresent() && before.isPresent()) {
            machine.configure(before.get());
            machine.disk.config = stored;
            machine.effect("configuration-reverted", "");
          }
        });
  }

  private static ApplyConfigurationResponse reply(Mode mode, String details) {
    return ApplyConfigurationResponse.newBuilder()
        .addMessages(ApplyConfiguration.newBuilder().setMode(mode).setModeDetails(details))
        .build();
  }
}
