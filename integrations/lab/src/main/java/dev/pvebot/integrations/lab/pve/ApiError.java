package dev.pvebot.integrations.lab.pve;

import java.util.Map;

/// An error that PVE answers with: a status, a text, and for 400 the parameters at fault.
final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String text;
  private final transient Map<String, String> errors;

  private ApiError(int status, String text, Map<String, String> errors) {
    super(text);
    this.status = status;
    this.text = text;
    this.errors = Map.copyOf(errors);
  }

  static ApiError of(int status, String text) {
    return new ApiError(status, text, Map.of());
  }

  /// A plain `die` in a handler.
  static ApiError died(String text) {
    return of(500, text);
  }

  static ApiError parameters(Map<String, String> errors) {
    return new ApiError(400, "Parameter verification failed.", errors);
  }

  static ApiError parameter(String name, String why) {
    return parameters(Map.of(name, why));
  }

  static ApiError forbidden(String what) {
    return of(403, "Permission check failed" + (what.isEmpty() ? "" : " (" + what + ")"));
  }

  static ApiError unauthorized(String reason) {
    return of(401, reason);
  }

  int status() {
    return status;
  }

  String text() {
    return text;
  }

  Map<String, String> errors() {
    return errors;
  }
}
