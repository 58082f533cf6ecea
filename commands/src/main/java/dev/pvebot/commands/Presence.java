package dev.pvebot.commands;

import java.util.Set;

/// Whether a sentence has a value of a type that a rule asks for.
final class Presence {
  private Presence() {}

  static boolean has(String type, Sentence sentence) {
    for (int i = 0; i < sentence.size(); i++) {
      Sentence.Token token = sentence.token(i);
      Values value = token.value().orElse(null);
      boolean is =
          switch (type) {
            case "vm" ->
                switch (value) {
                  case Values.Num num -> num.value() >= NumberSlots.LOWEST_VMID;
                  case Values.Range _, Values.Machine _ -> true;
                  case Values.Pair pair -> pair.key().startsWith("vm");
                  case null, default -> false;
                };
            case "op" -> value instanceof Values.Num;
            case "small" ->
                value instanceof Values.Num num && num.value() < NumberSlots.LOWEST_VMID;
            case "cluster" -> value instanceof Values.Cluster;
            case "node" -> value instanceof Values.Node;
            case "version" ->
                value instanceof Values.Version || Set.of("latest", "newest").contains(token.low());
            case "url" -> value instanceof Values.Url;
            case "upid" -> value instanceof Values.Upid;
            case "disk" -> value instanceof Values.Disk;
            case "tag" ->
                Set.of("tagged", "labelled", "labeled").contains(token.low())
                    || token.low().endsWith("-tagged")
                    || token.low().equals("tag") && sentence.has("tag");
            case "service" -> ValueSlots.isService(token.low());
            case "since" -> token.low().equals("since");
            case "extensions" ->
                token.low().startsWith("siderolabs/") || token.low().endsWith("-tools");
            case "isofile" -> token.low().endsWith(".iso") || token.low().endsWith(".img");
            case "aspect" ->
                sentence.has("ntp") || sentence.has("repos") || sentence.has("network");
            default -> false;
          };
      if (is) {
        return true;
      }
    }
    return false;
  }
}
