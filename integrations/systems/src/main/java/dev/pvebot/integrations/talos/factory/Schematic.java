package dev.pvebot.integrations.talos.factory;

import dev.pvebot.clusters.Sha256;
import java.util.List;

/// What is built into an image. Its id is the SHA-256 of one exact spelling of it (image-factory,
/// pkg/schematic), so that it can be known without asking the factory.
///
/// @param kernelArguments in this order
/// @param extensions full names in this order: another order is another id
public record Schematic(List<String> kernelArguments, List<String> extensions) {
  public Schematic {
    kernelArguments = List.copyOf(kernelArguments);
    extensions = List.copyOf(extensions);
  }

  public static Schematic of(List<String> extensions) {
    return new Schematic(List.of(), extensions);
  }

  /// 64 hexadecimal digits.
  public String id() {
    return Sha256.hex(canonical());
  }

  /// The spelling that the id is made of: go-yaml's with four spaces, empty fields left out.
  public String canonical() {
    if (kernelArguments.isEmpty() && extensions.isEmpty()) {
      return "customization: {}\n";
    }
    StringBuilder text = new StringBuilder("customization:\n");
    if (!kernelArguments.isEmpty()) {
      text.append("    extraKernelArgs:\n");
      kernelArguments.forEach(
          argument -> text.append("        - ").append(scalar(argument)).append('\n'));
    }
    if (!extensions.isEmpty()) {
      text.append("    systemExtensions:\n        officialExtensions:\n");
      extensions.forEach(
          extension -> text.append("            - ").append(scalar(extension)).append('\n'));
    }
    return text.toString();
  }

  /// go-yaml quotes what would otherwise be read as something else. Extensions and ordinary kernel
  /// arguments are plain; for the rest its rules are not repeated here.
  private static String scalar(String text) {
    if (!text.matches("[A-Za-z/_][A-Za-z0-9_./=,:@+-]*")
        || text.contains(": ")
        || text.endsWith(":")
        || text.matches("(?i)true|false|yes|no|on|off|null|y|n|~")) {
      throw new IllegalArgumentException(
          ("'%s' cannot stand in a schematic made here; make the schematic at the factory and"
                  + " give its id in the profile")
              .formatted(text));
    }
    return text;
  }
}
