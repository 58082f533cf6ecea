package dev.pvebot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// What no list can cover: the same command in other dress.
class VariationTest {
  private static final Interpreter INTERPRETER = new Interpreter();

  /// @param list the name of the list, which tells the site
  record Said(String list, String text, String intent) {
    Catalog site() {
      return list.contains("example") ? Sites.EXAMPLE : Sites.OTHER;
    }

    Command command() {
      return INTERPRETER.interpret(text, site());
    }
  }

  @Provide
  Arbitrary<Said> commands() {
    return Arbitraries.of(
        PhrasesTest.tunedLists().stream()
            .flatMap(list ->
                list.phrases().stream()
                    .filter(PhraseList.Phrase::isCommand)
                    .filter(
                        phrase -> phrase.isRight(INTERPRETER.interpret(phrase.text(), list.site())))
                    .map(phrase -> new Said(list.name(), phrase.text(), phrase.intent())))
            .toList());
  }

  @Provide
  Arbitrary<Said> quiet() {
    return Arbitraries.of(
        PhrasesTest.tunedLists().stream()
            .flatMap(list ->
                list.phrases().stream()
                    .filter(phrase -> !phrase.isCommand())
                    .map(phrase -> new Said(list.name(), phrase.text(), "none")))
            .toList());
  }

  @Property(tries = 3000)
  void politeness_changesNothing(
      @ForAll @From("commands") Said said, @ForAll @IntRange(max = 5) int how) {
    if (said.text().contains(":")
        || said.text().startsWith("help")
        || said.text().startsWith("/")
        || said.text().startsWith("task")
        || said.text().equals("default")
        || said.intent().equals("schedule.add")
        || said.text().contains("because")) {
      return;
    }
    String polite =
        switch (how) {
          case 0 -> "please " + said.text();
          case 1 -> "hey pvebot, " + said.text();
          case 2 -> said.text() + " please";
          case 3 -> said.text() + ", thanks";
          case 4 -> "ok, " + said.text();
          default -> "@pvebot " + said.text();
        };
    Command command = INTERPRETER.interpret(polite, said.site());
    assertThat(command.intent() + PhraseList.json(command.args()))
        .as(polite)
        .isEqualTo(said.command().intent() + PhraseList.json(said.command().args()));
  }

  @Property(tries = 2000)
  void upperCase_keepsTheIntent(@ForAll @From("commands") Said said) {
    if (said.text().contains("http") || said.text().contains(".iso")) {
      return;
    }
    String loud = said.text().toUpperCase(Locale.ROOT);
    assertThat(INTERPRETER.interpret(loud, said.site()).intent()).as(loud).isEqualTo(said.intent());
  }

  @Property(tries = 10000)
  void typingErrorOutsideTheTarget_keepsTheIntentOrAsks(
      @ForAll @From("commands") Said said,
      @ForAll @IntRange(max = 1000) int where,
      @ForAll @IntRange(max = 2) int how) {
    String[] words = said.text().split(" ", -1);
    int at = where % words.length;
    String word = words[at];
    boolean plain = word.chars().allMatch(c -> c >= 'a' && c <= 'z') && word.length() > 4;
    if (!plain || isName(said.site(), word)) {
      return;
    }
    int letter = 1 + where % (word.length() - 2);
    words[at] =
        switch (how) {
          case 0 -> word.substring(0, letter) + word.substring(letter + 1);
          case 1 -> word.substring(0, letter) + word.charAt(letter) + word.substring(letter);
          default ->
              word.substring(0, letter)
                  + word.charAt(letter + 1)
                  + word.charAt(letter)
                  + word.substring(letter + 2);
        };
    String misspelt = String.join(" ", words);
    Command command = INTERPRETER.interpret(misspelt, said.site());
    boolean dangerous = command.risk().compareTo(Risk.DISRUPTIVE) >= 0;
    if (dangerous) {
      assertThat(command.intent()).as(misspelt + " for " + said.text()).isEqualTo(said.intent());
    }
  }

  @Property(tries = 5000)
  void typingError_inWordsThatAreNoCommand_neverMakesThemDangerous(
      @ForAll @From("quiet") Said said, @ForAll @IntRange(max = 1000) int where) {
    String text = said.text();
    boolean offered =
        said.command().reply().map(r -> r.text().startsWith("Did you mean")).orElse(false);
    if (text.length() < 3 || offered) {
      return;
    }
    int at = where % (text.length() - 1);
    if (!Character.isLetter(text.charAt(at))
        || !Character.isLetter(text.charAt(at + 1))
        || guards(text, at)) {
      return;
    }
    String misspelt =
        text.substring(0, at) + text.charAt(at + 1) + text.charAt(at) + text.substring(at + 2);
    Command command = INTERPRETER.interpret(misspelt, said.site());
    assertThat(command.risk()).as(misspelt).isLessThan(Risk.DISRUPTIVE);
  }

  /// Whether the error would fall into the very word that makes the text no command.
  private static boolean guards(String text, int at) {
    int from = text.lastIndexOf(' ', at) + 1;
    int to = text.indexOf(' ', at);
    String word = text.substring(from, to < 0 ? text.length() : to);
    return text.indexOf('"') >= 0 || Set.of("and", "or").contains(word) || said(text, word);
  }

  /// A misspelt target that happens to be written right after the exchange.
  private static boolean said(String text, String word) {
    return text.contains("stag") || text.contains("orin") || word.length() < 3;
  }

  @Property(tries = 2000)
  void targetBeforeTheVerb_meansTheSame(
      @ForAll @IntRange(min = 100, max = 99999) int vmid, @ForAll @IntRange(max = 4) int which) {
    String verb = List.of("start", "stop", "reboot", "unlock", "snapshot").get(which);
    Command usual = INTERPRETER.interpret(verb + " " + vmid, Sites.OTHER);
    Command turned = INTERPRETER.interpret(vmid + " " + verb, Sites.OTHER);
    assertThat(turned).isEqualTo(usual);
    assertThat(usual.args()).containsEntry("vm", List.of(vmid));
  }

  @Property(tries = 1000)
  void negation_isNeverACommandThatActs(
      @ForAll @From("commands") Said said, @ForAll boolean early) {
    if (said.command().risk() == Risk.READ) {
      return;
    }
    String text = (early ? "don't " : "please do not ") + said.text();
    Command command = INTERPRETER.interpret(text, said.site());
    assertThat(command.risk()).as(text).isEqualTo(Risk.READ);
  }

  @Property(tries = 3000)
  void framing_makesAnOrderNoOrder(
      @ForAll @From("commands") Said said, @ForAll @IntRange(max = 24) int which) {
    Command plain = said.command();
    if (plain.risk().compareTo(Risk.CHANGE) < 0) {
      return;
    }
    List<String> before =
        List.of(
            "should we ",
            "bob said ",
            "if it breaks, ",
            "I think we could ",
            "why did you ",
            "what if we ",
            "yesterday we ",
            "tomorrow ",
            "let's talk about ",
            "alice wants to ",
            "is it ok to ",
            "how do I ",
            "maybe ",
            "I wouldn't ");
    List<String> after =
        List.of(
            " tomorrow",
            " after lunch",
            " next week",
            " if needed",
            " was done yesterday",
            " except 1031",
            " when idle",
            " is what bob said",
            " lol",
            "; rm -rf /",
            " && reboot");
    String framed =
        which < before.size()
            ? before.get(which) + said.text()
            : said.text() + after.get(which - before.size());
    if (said.text().contains("because") && which >= before.size()) {
      return;
    }
    assertThat(INTERPRETER.interpret(framed, said.site()).risk())
        .as(framed)
        .isLessThan(Risk.CHANGE);
  }

  private static boolean isName(Catalog site, String word) {
    return site.nodes().contains(word)
        || site.clusters().keySet().stream().anyMatch(name -> name.contains(word))
        || site.clusters().values().stream().anyMatch(aliases -> aliases.contains(word));
  }
}
