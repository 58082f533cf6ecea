package dev.pvebot.integrations.lab.wire;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One HTTP request as it arrived: `path` is decoded no further than the wire had it, header names
/// are lower case, a repeated header keeps its last value.
///
/// @param peer the subject of the client's certificate (RFC 2253), if it showed one
public record Request(
    String method,
    String path,
    String query,
    Map<String, String> headers,
    byte[] body,
    Optional<String> peer) {
  public Request {
    headers = Map.copyOf(headers);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
