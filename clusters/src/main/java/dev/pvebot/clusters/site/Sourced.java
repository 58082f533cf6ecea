package dev.pvebot.clusters.site;

import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.clusters.yaml.Problems;
import dev.pvebot.clusters.yaml.YamlNode.Mapping;

/// A value with the text that it was made of, so that a fault found later can still be shown at its
/// line.
record Sourced<T>(T value, Mapping text) {
  Position at(String key) {
    return text.positionOf(key);
  }

  void problem(Problems problems, String key, String found, String expected, String advice) {
    problems.add(at(key), key, found, expected, advice);
  }
}
