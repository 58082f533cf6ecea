package dev.pvebot.integrations.console;

/// What a piece of text is, for its colour.
///
/// The 256-colour values are of middle brightness: each has a contrast of at least 3.5 : 1 on black
/// and on white, so that nothing needs to know the terminal's background. Plain white and black
/// never occur. The sixteen old colours are the person's own palette and taken only where there are
/// no more.
enum Ink {
  PLAIN("", "", -1),
  STRONG("1", "1", -1),
  FAINT("2", "2", -1),
  GOOD("32", "38;5;", 29),
  WARNING("33", "38;5;", 130),
  BAD("31", "38;5;", 160),
  CHOICE("1", "38;5;", 32);

  private final String sgr8;
  private final String sgr256;

  /// Index in xterm's 256 colours, -1 for none.
  final int colour;

  Ink(String sgr8, String sgr256, int colour) {
    this.sgr8 = sgr8;
    this.sgr256 = colour < 0 ? sgr256 : sgr256 + colour;
    this.colour = colour;
  }

  String dye(String text, Colours colours) {
    String sgr =
        switch (colours) {
          case NONE -> "";
          case EIGHT -> sgr8;
          case MANY -> sgr256;
        };
    return sgr.isEmpty() || text.isBlank() ? text : "\u001b[" + sgr + "m" + text + "\u001b[0m";
  }
}
