package dev.pvebot.bot.crash;

import java.util.List;

/// What people say to the bot, one operation after another.
enum Story {
  /// Three machines with addresses and VMIDs of their own.
  TALOS_CLUSTER("Talos cluster") {
    @Override
    List<Line> lines() {
      return List.of(
          wish("spin up staging", CONFIRM),
          wish("tear down staging", "alice: approve {op} talos-staging"));
    }
  },

  /// Three machines whose places and VMIDs the bot chooses.
  GENERIC_CLUSTER("generic cluster") {
    @Override
    List<Line> lines() {
      return List.of(
          wish("spin up web", CONFIRM),
          wish("rebuild web", "alice: approve {op} lab-web"),
          wish("tear down web", "alice: approve {op} lab-web"));
    }
  },

  /// The life of three VMs, an instruction at a time. No profile has them, so they count as
  /// production. What works on one VM only is said three times.
  THREE_GUESTS("three guests") {
    @Override
    List<Line> lines() {
      String guests = "1050, 1051 and 1052";
      String typed = "alice: approve {op} 1050 1051 1052";
      String second = "carol: approve {op}";
      return List.of(
          wish("clone template 102 to 1050 as crash-1050", CONFIRM),
          wish("clone template 102 to 1051 as crash-1051", CONFIRM),
          wish("clone template 102 to 1052 as crash-1052", CONFIRM),
          wish("resize 1050 by +2G", CONFIRM),
          wish("resize 1051 by +2G", CONFIRM),
          wish("resize 1052 by +2G", CONFIRM),
          wish("set " + guests + " to 4 cores", CONFIRM),
          wish("tag " + guests + " as canary", CONFIRM),
          wish("migrate " + guests + " to pve02", CONFIRM),
          wish("start " + guests, CONFIRM),
          wish("reboot " + guests, CONFIRM),
          wish("snapshot " + guests + " called pre-os", CONFIRM),
          wish("kill " + guests, second),
          wish("roll back " + guests + " to pre-os", typed, second),
          wish("start " + guests, CONFIRM),
          wish("back up " + guests, CONFIRM),
          wish("delete snapshot pre-os of " + guests, typed, second),
          wish("take canary off " + guests, CONFIRM),
          wish("stop " + guests, CONFIRM),
          wish("delete " + guests, typed, second));
    }
  };

  private static final String CONFIRM = "alice: approve {op}";

  private final String title;

  Story(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  abstract List<Line> lines();

  /// One wish and the words of consent that it takes, in order.
  ///
  /// @param consents `{op}` stands for the operation's number
  record Line(Said wish, List<Said> consents) {
    /// The wish, whatever it is about.
    String kind() {
      return wish.text().replaceAll("\\d+", "*");
    }
  }

  record Said(String person, String text) {
    String about(long operation) {
      return text.replace("{op}", Long.toString(operation));
    }
  }

  /// A wish of alice's that takes words of consent, each `person: words`.
  static Line wish(String text, String... consents) {
    return new Line(
        new Said("alice", text),
        List.of(consents).stream()
            .map(consent -> consent.split(": ", 2))
            .map(halves -> new Said(halves[0], halves[1]))
            .toList());
  }
}
