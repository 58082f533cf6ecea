package dev.pvebot.runbooks.operation;

import java.util.Locale;

/// Where an operation is.
///
/// `planned -> awaiting approval -> queued -> running (<-> paused) -> succeeded | succeeded with
/// warnings | failed | cancelled`, or `denied | expired | stale` before the start.
public enum OperationState {
  PLANNED,
  AWAITING_APPROVAL,
  QUEUED,
  RUNNING,
  PAUSED,
  SUCCEEDED,
  SUCCEEDED_WITH_WARNINGS,
  FAILED,
  CANCELLED,
  DENIED,
  EXPIRED,
  /// The world moved between approval and start; it was planned again and asked for again as
  /// another operation.
  STALE;

  /// Nothing more will happen, unless a person retries a failed one.
  public boolean isFinal() {
    return switch (this) {
      case PLANNED, AWAITING_APPROVAL, QUEUED, RUNNING, PAUSED -> false;
      case SUCCEEDED, SUCCEEDED_WITH_WARNINGS, FAILED, CANCELLED, DENIED, EXPIRED, STALE -> true;
    };
  }

  public boolean isSuccess() {
    return this == SUCCEEDED || this == SUCCEEDED_WITH_WARNINGS;
  }

  /// For people and JSON: lower case with spaces.
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
