package dev.pvebot.runbooks.engine.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.PlanJson;
import java.util.Map;

/// How plans and events are written in the journal. Keys that an older or newer version does not
/// know are ignored: a stored plan outlives the program that made it.
public final class JournalJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .addModule(scalars())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private JournalJson() {}

  private static com.fasterxml.jackson.databind.module.SimpleModule scalars() {
    com.fasterxml.jackson.databind.module.SimpleModule module =
        new com.fasterxml.jackson.databind.module.SimpleModule("pvebot");
    module.addSerializer(Vmid.class, new Scalar<>(Vmid.class, vmid -> vmid.value()));
    module.addSerializer(NodeName.class, new Scalar<>(NodeName.class, NodeName::value));
    module.addSerializer(ClusterName.class, new Scalar<>(ClusterName.class, ClusterName::value));
    module.addSerializer(Upid.class, new Scalar<>(Upid.class, Upid::value));
    module.addSerializer(Person.class, new Scalar<>(Person.class, Person::id));
    module.addDeserializer(Vmid.class, new FromText<>(Vmid.class, Vmid::parse));
    module.addDeserializer(NodeName.class, new FromText<>(NodeName.class, NodeName::new));
    module.addDeserializer(ClusterName.class, new FromText<>(ClusterName.class, ClusterName::new));
    module.addDeserializer(Upid.class, new FromText<>(Upid.class, Upid::new));
    module.addDeserializer(Person.class, new FromText<>(Person.class, Person::new));
    return module;
  }

  /// Keys in order, so that the same value always gives the same text.
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(
          value.getClass() + " cannot be journaled: " + impossible.getOriginalMessage(),
          impossible);
    }
  }

  public static Plan plan(String json) {
    try {
      return PlanJson.read(json);
    } catch (IllegalArgumentException unreadable) {
      throw new JournalUnavailable(
          JournalUnavailable.Kind.CORRUPT,
          "a stored plan cannot be read: " + unreadable.getMessage(),
          unreadable);
    }
  }

  /// Writes an event with its kind.
  public static String event(StepEvent event) {
    try {
      return MAPPER.writerFor(StepEvent.class).writeValueAsString(event);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(event.getClass() + " cannot be journaled", impossible);
    }
  }

  public static StepEvent event(String json) {
    return read(json, StepEvent.class);
  }

  /// @throws JournalUnavailable when the text is damaged
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException damaged) {
      throw damaged(type.getSimpleName(), damaged);
    }
  }

  public static Map<String, Object> map(String json) {
    try {
      return MAPPER.readValue(json, new TypeReference<Map<String, Object>>() {});
    } catch (JsonProcessingException damaged) {
      throw damaged("map", damaged);
    }
  }

  public static Map<String, String> texts(String json) {
    try {
      return MAPPER.readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException damaged) {
      throw damaged("map of texts", damaged);
    }
  }

  private static JournalUnavailable damaged(String what, JsonProcessingException cause) {
    return new JournalUnavailable(
        JournalUnavailable.Kind.CORRUPT,
        "a %s in the journal cannot be read: %s; restore the store from a backup"
            .formatted(what, cause.getOriginalMessage()),
        cause);
  }

  private static final class Scalar<T>
      extends com.fasterxml.jackson.databind.ser.std.StdSerializer<T> {
    private static final long serialVersionUID = 1;
    private final transient java.util.function.Function<T, Object> plain;

    Scalar(Class<T> type, java.util.function.Function<T, Object> plain) {
      super(type);
      this.plain = plain;
    }

    @Override
    public void serialize(
        T value,
        com.fasterxml.jackson.core.JsonGenerator out,
        com.fasterxml.jackson.databind.SerializerProvider provider)
        throws java.io.IOException {
      Object scalar = plain.apply(value);
      if (scalar instanceof Integer number) {
        out.writeNumber(number);
      } else {
        out.writeString(scalar.toString());
      }
    }
  }

  private static final class FromText<T>
      extends com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1;
    private final transient java.util.function.Function<String, T> parse;

    FromText(Class<T> type, java.util.function.Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    public T deserialize(
        com.fasterxml.jackson.core.JsonParser in,
        com.fasterxml.jackson.databind.DeserializationContext context)
        throws java.io.IOException {
      try {
        return parse.apply(in.getText());
      } catch (IllegalArgumentException unfit) {
        throw context.weirdStringException(in.getText(), handledType(), unfit.getMessage());
      }
    }
  }
}
