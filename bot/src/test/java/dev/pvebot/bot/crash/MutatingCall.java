package dev.pvebot.bot.crash;

import dev.pvebot.integrations.lab.ledger.Ledger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A call that asks the datacenter for a change, by what tells it apart in every performance of the
/// same story.
///
/// @param line of the story, counted from 0
/// @param guest the VMID that it carries beside its path: what a clone makes, what a backup saves
record MutatingCall(int line, String method, String path, String guest) {
  private static final Pattern GUEST = Pattern.compile("(?:^|&)(?:newid|vmid)=(\\d+)");

  static Optional<MutatingCall> of(int line, String method, String path, String body) {
    if (method.equals("GET")) {
      return Optional.empty();
    }
    Matcher guest = GUEST.matcher(body);
    return Optional.of(new MutatingCall(line, method, path, guest.find() ? guest.group(1) : ""));
  }

  static MutatingCall of(int line, Ledger.Call call) {
    Object inPath =
        call.path().contains("/qemu/") ? "" : call.parameters().getOrDefault("vmid", "");
    Object guest = call.parameters().getOrDefault("newid", inPath);
    return new MutatingCall(line, call.method(), call.path(), guest.toString());
  }

  /// What it has in common with the same call for another machine: `POST /nodes/*/qemu/*/clone`.
  String route() {
    return method + " " + path.replaceAll("(/nodes/|/qemu/|/snapshot/)[^/]+", "$1*");
  }

  @Override
  public String toString() {
    return method + " " + path + (guest.isEmpty() ? "" : " for " + guest);
  }
}
