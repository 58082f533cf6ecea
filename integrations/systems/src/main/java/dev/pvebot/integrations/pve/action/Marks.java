package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Our marks in descriptions and notes, see [dev.pvebot.runbooks.action.Intent#mark].
final class Marks {
  private static final Pattern MARK = Pattern.compile("pvebot: operation \\d+, VM (\\d+)(?!\\d)");

  private Marks() {}

  /// Whether the text carries exactly this mark: `operation 4` is not in `operation 42`.
  static boolean has(String text, String mark) {
    return Pattern.compile(Pattern.quote(mark) + "(?!\\d)").matcher(text).find();
  }

  /// The marks in a text that are meant for this VM; a clone may have copied others.
  static List<String> of(String text, Vmid vmid) {
    return MARK.matcher(text)
        .results()
        .filter(found -> found.group(1).equals(vmid.toString()))
        .map(java.util.regex.MatchResult::group)
        .toList();
  }

  /// A new description that keeps the marks of the old one.
  static String keep(String description, String old, Vmid vmid) {
    String kept =
        of(old, vmid).stream()
            .filter(mark -> !has(description, mark))
            .collect(Collectors.joining("\n"));
    return kept.isEmpty() ? description : description.isEmpty() ? kept : description + "\n" + kept;
  }

  /// The text without any mark.
  static String without(String text) {
    Matcher matcher = MARK.matcher(text);
    return matcher.replaceAll("").strip();
  }
}
