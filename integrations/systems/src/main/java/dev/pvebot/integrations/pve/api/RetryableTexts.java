package dev.pvebot.integrations.pve.api;

import java.util.List;
import java.util.regex.Pattern;

/// PVE's words for "nothing was done, somebody else was in the way". They end a call (500) or a
/// task alike (source: pve-guest-common `AbstractConfig.pm`, pve-cluster `Cluster.pm`, pve-common
/// `Tools.pm`; seen 8.4 to 9.2).
public final class RetryableTexts {
  private static final List<Pattern> ALL =
      List.of(
          Pattern.compile("can't lock file '[^']*' - got timeout"),
          Pattern.compile("cfs-lock '[^']*' error: got lock request timeout"),
          Pattern.compile("Failed to obtain guest migration lock"),
          Pattern.compile("cluster not ready - no quorum\\?"),
          Pattern.compile("cfs-lock '[^']*' error: no quorum!"),
          Pattern.compile("ipcc_send_rec\\[\\d+\\] failed: Connection refused"),
          // the guest has moved; the next try looks it up again
          Pattern.compile(
              "Configuration file 'nodes/[^/]+/qemu-server/\\d+\\.conf' does not exist"),
          Pattern.compile("unable to find configuration file for VM \\d+ on node"),
          // somebody changed the configuration between our reading and our writing
          Pattern.compile("checksum mismatch \\(file change by other user\\?\\)"),
          Pattern.compile("detected modified configuration - file changed by other user"),
          Pattern.compile("starting worker failed|got no worker upid - start worker failed"));

  private RetryableTexts() {}

  public static boolean match(String text) {
    return ALL.stream().anyMatch(pattern -> pattern.matcher(text).find());
  }
}
