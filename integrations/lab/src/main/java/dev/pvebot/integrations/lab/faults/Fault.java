package dev.pvebot.integrations.lab.faults;

import java.time.Duration;

/// What can go wrong with a call or a task. Wall time is used where a client's timeout is what is
/// tested.
public sealed interface Fault {
  /// Answered with this status and reason, and not acted upon. For 595, 596 and 401 the body is
  /// empty.
  record Status(int status, String reason) implements Fault {}

  /// Acted upon, then answered with this status: the outcome is open for the client (596 above
  /// all).
  record StatusAfterActing(int status, String reason) implements Fault {}

  /// The connection is reset before (`acts` false) or after the call acted.
  record Reset(boolean acts) implements Fault {}

  /// No reply, the connection stays open.
  record Silence(boolean acts) implements Fault {}

  /// The right reply, this much later on the wall.
  record Slow(Duration wall) implements Fault {}

  /// A login page of a proxy instead of JSON, with status 200; the call does not act.
  record Html() implements Fault {}

  /// The reply is cut in the middle; with `announced` the headers promise the whole length.
  record HalfJson(boolean announced) implements Fault {}

  /// The token has expired: `401`.
  record Expired() implements Fault {}

  /// The caller has no rights for this call: 403 where rights are asked for, empty lists elsewhere.
  record WithoutRights() implements Fault {}
}
