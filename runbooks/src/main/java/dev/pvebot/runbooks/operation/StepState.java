package dev.pvebot.runbooks.operation;

/// Where a step of an operation is.
public enum StepState {
  PENDING,
  RUNNING,
  /// Failed in a way that a person must decide about.
  ASKING,
  DONE,
  DONE_WITH_WARNINGS,
  SKIPPED,
  FAILED,
  /// Not begun when the operation ended.
  CANCELLED
}
