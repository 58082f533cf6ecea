package dev.pvebot.integrations.lab.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The lab's own JSON: maps, lists, strings, numbers, booleans, and [Null#NULL] where JSON says
/// null.
public final class Json {
  /// The one value that stands for JSON's null, so that no Java null travels.
  public enum Null {
    NULL
  }

  public static final Null NULL = Null.NULL;

  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /// An object of alternating keys and values, in this order.
  public static Map<String, Object> object(Object... keysAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }

  /// @throws IllegalArgumentException if `text` is not one JSON value; the message says where
  public static Object parse(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      Object value = read(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("There is more after the JSON value.");
      }
      return value;
    } catch (IOException e) {
      throw new IllegalArgumentException("This is not JSON: " + e.getMessage(), e);
    }
  }

  @SuppressWarnings("unchecked")
  public static Map<String, Object> parseObject(String text) {
    if (parse(text) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new IllegalArgumentException("A JSON object was expected.");
  }

  private static Object read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IllegalArgumentException("The JSON text is empty.");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, read(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(read(parser));
        }
        yield array;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> NULL;
      default -> throw new IllegalArgumentException("Unexpected " + token + " in JSON.");
    };
  }

  public static String write(Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      write(generator, value);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing JSON into memory", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator to, Object value) throws IOException {
    switch (value) {
      case Map<?, ?> map -> {
        to.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          to.writeFieldName(String.valueOf(entry.getKey()));
          write(to, entry.getValue());
        }
        to.writeEndObject();
      }
      case Iterable<?> values -> {
        to.writeStartArray();
        for (Object each : values) {
          write(to, each);
        }
        to.writeEndArray();
      }
      case Integer number -> to.writeNumber(number);
      case Long number -> to.writeNumber(number);
      case Double number -> to.writeNumber(number);
      case Boolean truth -> to.writeBoolean(truth);
      case Null _ -> to.writeNull();
      default -> to.writeString(value.toString());
    }
  }
}
