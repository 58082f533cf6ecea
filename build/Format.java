import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Formats every Java source of the repository, or checks that each is formatted.
///
/// Run by the build as `java Format.java check|write ROOT PASSED`, in a process of the JDK that
/// compiles the sources: the formatter parses with the javac of the JDK it runs on. PASSED is a
/// file that remembers the digests of sources found well formatted, so that only changed ones are
/// read again.
final class Format {
  private final boolean write;
  private final Path passedFile;
  private final Set<String> knownGood;
  private final Set<String> good = new TreeSet<>();
  private final List<String> wrong = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();

  private Format(boolean write, Path passedFile) throws IOException {
    this.write = write;
    this.passedFile = passedFile;
    this.knownGood =
        Files.exists(passedFile) ? new HashSet<>(Files.readAllLines(passedFile)) : Set.of();
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 3 || !(args[0].equals("check") || args[0].equals("write"))) {
      System.err.println("usage: java Format.java check|write ROOT PASSED");
      System.exit(2);
    }
    Path root = Path.of(args[1]);
    Format format = new Format(args[0].equals("write"), Path.of(args[2]));
    for (Path source : sourcesUnder(root)) {
      format.visit(root, source);
    }
    System.exit(format.report());
  }

  private static List<Path> sourcesUnder(Path root) throws IOException {
    List<Path> sources = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = dir.getFileName().toString();
            boolean generated =
                name.equals("target") || (name.startsWith(".") && !dir.equals(root));
            return generated ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              sources.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  private void visit(Path root, Path source) throws IOException {
    String text = Files.readString(source);
    if (knownGood.contains(digest(text))) {
      good.add(digest(text));
      return;
    }
    String name = root.relativize(source).toString();
    String formatted;
    try {
      formatted = new Formatter().formatSourceAndFixImports(text);
    } catch (FormatterException e) {
      unreadable.add(name + ":" + e.getMessage());
      return;
    }
    if (!formatted.equals(text)) {
      wrong.add(name);
      if (!write) {
        return;
      }
      Files.writeString(source, formatted);
    }
    good.add(digest(formatted));
  }

  private int report() throws IOException {
    Files.createDirectories(passedFile.getParent());
    Files.write(passedFile, good);
    unreadable.forEach(line -> System.err.println("cannot be parsed: " + line));
    wrong.forEach(name -> System.err.println((write ? "formatted: " : "not formatted: ") + name));
    if (!write && !wrong.isEmpty()) {
      System.err.println(wrong.size() + " sources are not formatted. Run: build/format");
    }
    return unreadable.isEmpty() && (write || wrong.isEmpty()) ? 0 : 1;
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
