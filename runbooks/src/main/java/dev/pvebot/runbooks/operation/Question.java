package dev.pvebot.runbooks.operation;

import dev.pvebot.commands.chat.Person;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a step asks a person. Answered once; the first answer counts.
///
/// @param step the step's key
/// @param answer the first answer, with who gave it and when
public record Question(
    long operation,
    String step,
    String title,
    String text,
    List<Answer> choices,
    Instant askedAt,
    Optional<Given> answer) {
  public Question {
    choices = List.copyOf(choices);
  }

  public record Given(Answer answer, Person by, Instant at) {}
}
