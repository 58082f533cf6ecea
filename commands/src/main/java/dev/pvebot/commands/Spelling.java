package dev.pvebot.commands;

/// Distance between two words in typing errors: a letter wrong, missing, too much, or two
/// exchanged.
final class Spelling {
  private Spelling() {}

  /// How many errors a word of this length may have.
  static int tolerance(int length) {
    return length < 4 ? 0 : length < 8 ? 1 : 2;
  }

  /// The letters of a word as bits: words that differ in too many of them need no comparison.
  static int letters(String word) {
    int bits = 0;
    for (int i = 0; i < word.length(); i++) {
      bits |= 1 << (word.charAt(i) & 31);
    }
    return bits;
  }

  /// The distance, or `limit + 1` when it is greater than `limit`.
  static int distance(String a, String b, int limit) {
    int n = a.length();
    int m = b.length();
    if (Math.abs(n - m) > limit) {
      return limit + 1;
    }
    int[] before = new int[m + 1];
    int[] last = new int[m + 1];
    int[] row = new int[m + 1];
    for (int j = 0; j <= m; j++) {
      last[j] = j;
    }
    for (int i = 1; i <= n; i++) {
      row[0] = i;
      int best = i;
      for (int j = 1; j <= m; j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int d = Math.min(Math.min(row[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d = Math.min(d, before[j - 2] + 1);
        }
        row[j] = d;
        best = Math.min(best, d);
      }
      if (best > limit) {
        return limit + 1;
      }
      int[] spare = before;
      before = last;
      last = row;
      row = spare;
    }
    return last[m];
  }
}
