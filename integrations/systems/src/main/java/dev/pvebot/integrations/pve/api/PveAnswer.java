package dev.pvebot.integrations.pve.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import java.time.Instant;
import java.util.Optional;

/// A good answer of PVE.
///
/// @param data what stands under `data`; a JSON null when there is nothing
/// @param by the node that answered
/// @param date the node's clock, whole seconds, if it said
public record PveAnswer(JsonNode data, NodeName by, Optional<Instant> date) {}
