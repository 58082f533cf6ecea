package dev.pvebot.integrations.talos.api;

import com.fasterxml.jackson.databind.JsonNode;

/// One resource of a node's state, as `talosctl get` shows it.
///
/// @param version counts up with each change; `undefined` at first
/// @param phase `running` or `tearingDown`
/// @param spec the body; its keys are those of `talosctl get -o yaml`
public record Resource(
    String namespace, String type, String id, String version, String phase, JsonNode spec) {}
