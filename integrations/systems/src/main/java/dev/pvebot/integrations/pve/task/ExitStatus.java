package dev.pvebot.integrations.pve.task;

import dev.pvebot.integrations.pve.api.RetryableTexts;
import dev.pvebot.runbooks.action.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a task ended, from its exit status and the end of its log (source: pve-common `UPID.pm`,
/// `RESTEnvironment.pm`).
final class ExitStatus {
  private static final Pattern WARNINGS = Pattern.compile("WARNINGS: \\d+");

  /// The migration's exit status says only that it was aborted; its log says why.
  private static final Pattern MIGRATION = Pattern.compile("migration (?:aborted|problems)");

  private static final Pattern REASON =
      Pattern.compile(
          "ERROR: (?:migration (?:aborted|finished with problems) \\(duration [0-9:]+\\): |Backup"
              + " of VM \\d+ failed - )?(.+)");

  private ExitStatus() {}

  static boolean isGood(String status) {
    return status.equals("OK") || WARNINGS.matcher(status).matches();
  }

  /// @param log its last lines; read only for a task that did not end `OK`
  static Tasks.End end(String status, List<String> log) {
    if (status.equals("OK")) {
      return new Tasks.End(Tasks.Outcome.OK, status, false, List.of());
    }
    if (WARNINGS.matcher(status).matches()) {
      return new Tasks.End(Tasks.Outcome.WARNINGS, status, false, log);
    }
    String told = explain(status, log);
    return new Tasks.End(Tasks.Outcome.FAILED, told, RetryableTexts.match(told), log);
  }

  private static String explain(String status, List<String> log) {
    if (status.equals("unexpected status")) {
      return lockTimeoutOfBackup(log)
          .orElse("unexpected status (the task was killed, or its node went down while it ran)");
    }
    boolean vague = MIGRATION.matcher(status).matches() || status.equals("job errors");
    return vague ? reason(log).map(reason -> status + ": " + reason).orElse(status) : status;
  }

  /// A backup that waited in vain for the node's one backup slot leaves no last line.
  private static Optional<String> lockTimeoutOfBackup(List<String> log) {
    return log.stream()
        .filter(line -> line.contains("can't acquire lock '/var/run/vzdump.lock'"))
        .map(line -> line.replaceFirst("^ERROR: ", ""))
        .findFirst();
  }

  private static Optional<String> reason(List<String> log) {
    for (String line : log) {
      Matcher matcher = REASON.matcher(line);
      if (matcher.find() && !line.contains("TASK ERROR")) {
        return Optional.of(matcher.group(1).strip());
      }
    }
    return Optional.empty();
  }
}
