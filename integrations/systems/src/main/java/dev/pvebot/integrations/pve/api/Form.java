package dev.pvebot.integrations.pve.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// Parameters as a form. PVE splits pairs at `&` and at `;` and loses what follows a second raw
/// `=`, so values are encoded whole (source: pve-http-server `AnyEvent.pm`).
final class Form {
  static final String TYPE = "application/x-www-form-urlencoded";

  private Form() {}

  static String encode(List<PveCall.Parameter> parameters) {
    return parameters.stream()
        .map(parameter -> encode(parameter.name()) + "=" + encode(parameter.value()))
        .collect(Collectors.joining("&"));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
