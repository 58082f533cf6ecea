package dev.pvebot.integrations.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/// What changes from one text to another, as `diff -u` shows it.
public final class TextDiff {
  private TextDiff() {}

  /// @param context lines around each change
  /// @return hunks without the two lines that name files; empty when the texts are the same
  public static String unified(String before, String after, int context) {
    RawText from = new RawText(before.getBytes(StandardCharsets.UTF_8));
    RawText to = new RawText(after.getBytes(StandardCharsets.UTF_8));
    EditList edits = new HistogramDiff().diff(RawTextComparator.DEFAULT, from, to);
    ByteArrayOutputStream hunks = new ByteArrayOutputStream();
    try (DiffFormatter formatter = new DiffFormatter(hunks)) {
      formatter.setContext(context);
      formatter.format(edits, from, to);
      formatter.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    return hunks.toString(StandardCharsets.UTF_8);
  }
}
