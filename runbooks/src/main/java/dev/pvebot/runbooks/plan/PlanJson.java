package dev.pvebot.runbooks.plan;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Sha256;
import dev.pvebot.clusters.Vmid;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Plans as JSON: the form in which they are stored, and the one that the digest is made of.
///
/// A plan that was written by an older version of the program is read as far as it is known; whole
/// numbers come back as `Long`.
public final class PlanJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .addModule(scalars())
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private PlanJson() {}

  private static SimpleModule scalars() {
    SimpleModule module = new SimpleModule("pvebot-plan");
    module.addSerializer(
        Vmid.class,
        new StdSerializer<Vmid>(Vmid.class) {
          @Serial private static final long serialVersionUID = 1;

          @Override
          public void serialize(Vmid vmid, JsonGenerator json, SerializerProvider provider)
              throws IOException {
            json.writeNumber(vmid.value());
          }
        });
    module.addSerializer(
        NodeName.class,
        new StdSerializer<NodeName>(NodeName.class) {
          @Serial private static final long serialVersionUID = 1;

          @Override
          public void serialize(NodeName node, JsonGenerator json, SerializerProvider provider)
              throws IOException {
            json.writeString(node.value());
          }
        });
    module.addSerializer(
        PlanStep.Deferred.class,
        new StdSerializer<PlanStep.Deferred>(PlanStep.Deferred.class) {
          @Serial private static final long serialVersionUID = 1;

          @Override
          public void serialize(
              PlanStep.Deferred deferred, JsonGenerator json, SerializerProvider provider)
              throws IOException {
            json.writeStartObject();
            json.writeObjectFieldStart(PlanStep.Deferred.KEY);
            json.writeStringField("expression", deferred.expression());
            json.writeStringField("type", deferred.type());
            if (deferred.within().isPresent()) {
              json.writeStringField("within", deferred.within().get());
            }
            json.writeEndObject();
            json.writeEndObject();
          }
        });
    module.addDeserializer(Vmid.class, scalar(Vmid.class, Vmid::parse));
    module.addDeserializer(NodeName.class, scalar(NodeName.class, NodeName::new));
    return module;
  }

  private static <T> StdDeserializer<T> scalar(Class<T> type, Function<String, T> parse) {
    return new StdDeserializer<>(type) {
      @Serial private static final long serialVersionUID = 1;

      @Override
      public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
        return parse.apply(json.getText());
      }
    };
  }

  /// The stored form.
  public static String write(Plan plan) {
    try {
      return MAPPER.writeValueAsString(plan);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "the plan of %s cannot be written".formatted(plan.runbook()), e);
    }
  }

  /// @throws IllegalArgumentException when the text is no plan
  public static Plan read(String json) {
    try {
      return MAPPER.readValue(json, Plan.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("this is no stored plan: " + e.getOriginalMessage(), e);
    }
  }

  /// The plan with its digest: SHA-256 over its canonical JSON (keys sorted, no white space)
  /// without notes, estimates, what follows from the effects, and the digest itself.
  public static Plan seal(Plan plan) {
    ObjectNode tree = MAPPER.valueToTree(plan);
    tree.remove(List.of("notes", "estimate", "made", "digest"));
    tree.path("steps").forEach(PlanJson::forgetEstimates);
    tree.path("rollback").forEach(PlanJson::forgetEstimates);
    try {
      return plan.withDigest(Sha256.hex(MAPPER.writeValueAsString(sorted(tree))));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "the plan of %s cannot be written".formatted(plan.runbook()), e);
    }
  }

  private static void forgetEstimates(JsonNode step) {
    if (step instanceof ObjectNode object) {
      object.remove("estimate");
      object.path("children").forEach(PlanJson::forgetEstimates);
    }
  }

  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode result = MAPPER.createObjectNode();
      object.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> result.set(entry.getKey(), sorted(entry.getValue())));
      return result;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode result = MAPPER.createArrayNode();
      array.forEach(item -> result.add(sorted(item)));
      return result;
    }
    return node;
  }
}
