package dev.pvebot.integrations.pve.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.action.GuestAction.Readable;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What removing a file from a storage has in common. A name may be given to another file, so its
/// size and age are journaled and held against what is there right before.
abstract class DeleteVolume<I extends Record, O extends Record> extends PveAction<I, O> {
  private static final String ABSENT = "absent";
  private static final String MADE = "made";
  private static final String TASK = "imgdel";

  private final String content;
  private final O done;
  final Volumes volumes;

  @SuppressWarnings("unchecked")
  DeleteVolume(
      Reach reach, String name, String content, Class<I> inputs, O done, Traits.Privilege right) {
    super(
        reach,
        name,
        inputs,
        (Class<O>) done.getClass(),
        new Traits(
            Risk.DESTRUCTIVE,
            List.of(right, new Traits.Privilege("Datastore.Audit", "/storage/{storage}")),
            Duration.ofMinutes(30),
            Duration.ofSeconds(20)));
    this.content = content;
    this.done = done;
    this.volumes = new Volumes(reach);
  }

  abstract String volid(I inputs);

  /// A node that sees it.
  abstract NodeName node(I inputs);

  /// `backup of 1031 of 2026-01-31`
  abstract String words(I inputs);

  private Optional<JsonNode> find(I inputs) throws InterruptedException {
    return volumes.find(node(inputs), volid(inputs), content);
  }

  private static String made(JsonNode row) {
    return Json.number(row, "ctime") + " " + Json.number(row, "size");
  }

  @Override
  public Map<String, String> prepare(I inputs, RunContext context) throws InterruptedException {
    return Readable.read(() -> {
      Map<String, String> facts = new HashMap<>();
      ownTasks.remember(facts, node(inputs), TASK);
      find(inputs).ifPresentOrElse(row -> facts.put(MADE, made(row)), () -> facts.put(ABSENT, "1"));
      return facts;
    });
  }

  @Override
  public Started run(I inputs, Intent intent, RunContext context) throws InterruptedException {
    PveCall call =
        Readable.read(() -> {
          Optional<String> now = find(inputs).map(DeleteVolume::made);
          if (!now.equals(Optional.ofNullable(intent.facts().get(MADE)))) {
            throw ActionFailure.refused(
                "deleting %s: it is another file than was planned".formatted(words(inputs)),
                "somebody replaced it meanwhile; plan again");
          }
          return PveCall.delete(
              "deleting %s".formatted(words(inputs)),
              "nodes",
              node(inputs),
              "storage",
              Volumes.storage(volid(inputs)),
              "content",
              volid(inputs));
        });
    context.beforeCall();
    return Readable.read(() ->
        reach
            .caller()
            .start(call)
            .<Started>map(Started.Task::new)
            .orElseGet(Started.Immediately::new));
  }

  @Override
  public Observation<O> observe(I inputs, Intent intent) throws InterruptedException {
    return Readable.read(() -> {
      String storage = Volumes.storage(volid(inputs));
      List<TaskRow> own =
          ownTasks.since(intent, TASK, id -> id.equals(storage) || id.endsWith("@" + storage));
      Optional<JsonNode> left = find(inputs);
      if (left.isEmpty()) {
        return new Observation.Done<>(done);
      }
      if (!Optional.of(made(left.get())).equals(Optional.ofNullable(intent.facts().get(MADE)))) {
        return new Observation.Foreign<>(
            "%s is another file now than was planned".formatted(words(inputs)));
      }
      // which file a task removes stands nowhere; while one of ours runs, it may be this one
      return own.stream()
          .filter(TaskRow::isRunning)
          .findFirst()
          .<Observation<O>>map(row -> new Observation.Running<>(row.upid()))
          .orElseGet(() -> new Observation.NotDone<>("%s is still there".formatted(words(inputs))));
    });
  }
}
