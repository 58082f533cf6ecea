package dev.pvebot.bot.answers.task;

import dev.pvebot.clusters.Upid;
import dev.pvebot.integrations.pve.task.TaskRow;

/// How tasks are told of.
public final class TaskWords {
  private TaskWords() {}

  /// `qmclone 101 on pve01`
  public static String of(Upid upid) {
    return "%s%s on %s"
        .formatted(upid.type(), upid.id().map(id -> " " + id).orElse(""), upid.node());
  }

  /// `running`, `ok`, `done with warnings (2)`, or PVE's words for what went wrong.
  public static String state(TaskRow row) {
    return row.exitStatus().map(TaskWords::state).orElse("running");
  }

  static String state(String exit) {
    if (exit.equals("OK")) {
      return "ok";
    }
    return exit.startsWith("WARNINGS: ")
        ? "done with warnings (%s)".formatted(exit.substring("WARNINGS: ".length()))
        : exit;
  }
}
