package dev.pvebot.runbooks.operation;

import dev.pvebot.clusters.Upid;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What the journal knows of one step.
///
/// @param key as in [dev.pvebot.runbooks.plan.PlanStep#key]
/// @param facts what was journaled before the call; empty when no call was near
/// @param intendedAt when the intent was first journaled
/// @param task the task that the call started
/// @param output the action's output as JSON data, with secrets replaced by references
/// @param note the newest remark, or what went wrong
/// @param attempts how often the call was made
public record StepRecord(
    String key,
    StepState state,
    Map<String, String> facts,
    Optional<Instant> intendedAt,
    Optional<Upid> task,
    Optional<Map<String, Object>> output,
    Optional<String> note,
    int attempts,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt) {}
