package dev.pvebot.integrations.lab.talos;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Container images on a machine, and where they come from.
final class Images {
  static final long SIZE = 84_000_000;

  private Images() {}

  static List<String> of(TalosMachine machine) {
    TreeSet<String> names = new TreeSet<>(machine.disk.images);
    names.add("registry.k8s.io/pause:3.10");
    return List.copyOf(names);
  }

  static String digest(String name) {
    try {
      return "sha256:"
          + HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("SHA-256")
                      .digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  /// What an installer of this reference writes.
  ///
  /// @throws StatusRuntimeException when no registry has it
  static TalosImage installer(TalosWorld world, String reference) {
    Optional<TalosImage> image = TalosImage.ofInstaller(reference);
    if (image.isEmpty() || !exists(world, reference)) {
      throw Answers.error(
          Status.UNKNOWN,
          "error validating installer image \"%s\": failed to pull image: %s: not found"
              .formatted(reference, reference));
    }
    return image.get();
  }

  /// Whether a pull would find it: a factory builds any release it knows for any schematic it has.
  static boolean exists(TalosWorld world, String reference) {
    Optional<TalosImage> image = TalosImage.ofInstaller(reference);
    if (image.isEmpty()) {
      return reference.contains(":") && !reference.contains("/installer");
    }
    return world.factory().hasVersion(image.get().version())
        && world.factory().hasSchematic(image.get().schematic());
  }

  /// Pulls, unless the machine has it already.
  static void pull(
      TalosWorld world,
      TalosMachine machine,
      String reference,
      StreamObserver<?> to,
      Runnable done) {
    boolean there = world.compute(() -> machine.disk.images.contains(reference));
    if (there) {
      done.run();
      return;
    }
    if (!exists(world, reference)) {
      to.onError(
          Answers.error(
              Status.NOT_FOUND,
              "error pulling image: failed to resolve reference \"%s\": %s: not found"
                  .formatted(reference, reference)));
      return;
    }
    world.locked(() ->
        machine.after(
            world.durations().imagePull(),
            () -> {
              machine.disk.images.add(reference);
              machine.effect("image-pulled", reference);
              done.run();
            }));
  }
}
