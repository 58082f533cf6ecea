package dev.pvebot.runbooks.operation;

import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.plan.Plan;
import java.time.Instant;
import java.util.Optional;

/// One run of a plan, as the journal has it.
///
/// @param id counts from 1; people say it
/// @param said the text that asked for it
/// @param where where it was asked for; its thread hangs there
/// @param stateReason why it is in this state, for people: a denial's reason, a failure's first
///   line, the question while it waits for a person
/// @param epoch raised at each pick-up; a writer with an older one is refused
public record Operation(
    long id,
    Plan plan,
    OperationState state,
    Person requestedBy,
    String said,
    Conversation where,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    Optional<String> stateReason,
    long epoch) {}
