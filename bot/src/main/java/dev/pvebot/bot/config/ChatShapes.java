package dev.pvebot.bot.config;

import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.clusters.yaml.Fields;
import dev.pvebot.clusters.yaml.Shape;
import dev.pvebot.commands.chat.Person;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How `slack` is written, and people's ids in chats.
final class ChatShapes {
  private static final String SLACK = "https://slack.com/api/";

  private ChatShapes() {}

  static Shape<ChatConfig.Slack> slack(Shape<SecretRef> secretRef) {
    return Shape.mapping(fields -> {
      Optional<SecretRef> botToken = fields.required("bot_token", secretRef);
      Optional<SecretRef> appToken = fields.optional("app_token", secretRef);
      Optional<SecretRef> signing = fields.optional("signing_secret", secretRef);
      Optional<InetSocketAddress> listen =
          fields.optional(
              "listen", Shape.parsed("HOST:PORT, for example 127.0.0.1:3000", ChatShapes::address));
      Optional<URI> api =
          fields.optional("api", Shape.parsed("a URL such as " + SLACK, URI::create));
      Optional<List<String>> channels = fields.optional("channels", Shape.listOf(channel()));
      boolean http = fields.has("signing_secret") || fields.has("listen");
      if (http == fields.has("app_token") || fields.has("signing_secret") != fields.has("listen")) {
        fields.problem(
            "app_token",
            http ? "parts of two ways to hear Slack" : "no way to hear Slack",
            "app_token (Socket Mode), or signing_secret and listen (HTTP)",
            "");
      }
      return fields.build(() ->
          new ChatConfig.Slack(
              botToken.orElseThrow(),
              appToken,
              signing.flatMap(s -> listen.map(l -> new ChatConfig.Http(s, l))),
              api.orElse(URI.create(SLACK)),
              Set.copyOf(channels.orElse(List.of()))));
    });
  }

  private static Shape<String> channel() {
    return Shape.parsed(
        "a channel's id such as C0123456 (channel details show it, below)",
        text -> {
          if (!text.matches("[CG][A-Z0-9]{2,}")) {
            throw new IllegalArgumentException(text);
          }
          return text;
        });
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    int port = Integer.parseInt(text.substring(colon + 1));
    return new InetSocketAddress(text.substring(0, colon), port);
  }

  /// @param ids person -> the platform's id of them
  static Map<String, Person> people(Fields fields, String platform, Map<String, String> ids) {
    Map<String, Person> people = new HashMap<>();
    ids.forEach((person, id) -> {
      if (people.put(id, new Person(person)) != null) {
        fields.problem(
            "people.%s.%s".formatted(person, platform),
            "the id '" + id + "' a second time",
            "one person for each id",
            "");
      }
    });
    return people;
  }
}
