package dev.pvebot.bot.profiles;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Sha256;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteReader;
import dev.pvebot.clusters.yaml.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The site that is in force, and the folder that it was read from. Thread-safe.
///
/// What people write into the files by hand is taken into use together with the next change made
/// here, or at the next start; the nodes, their certificates and the credentials only at a start.
public final class LiveSite implements Supplier<Site> {
  private final Path folder;
  private final SiteReader reader;
  private final AtomicReference<InForce> inForce;

  /// @param digests of the files that it was read from, by name
  private record InForce(Site site, Map<String, String> digests) {}

  /// @param folder that has `cluster-config.yaml`
  /// @param home what `~` stands for in it
  /// @param site what was read from it
  public LiveSite(Path folder, Path home, Site site) {
    this.folder = folder;
    this.reader = new SiteReader(home);
    this.inForce = new AtomicReference<>(new InForce(site, digests(folder)));
  }

  @Override
  public Site get() {
    return inForce.get().site();
  }

  static String file(ClusterName profile) {
    return profile + ".yaml";
  }

  /// What came of holding a text against the other files.
  public sealed interface Checked {
    record Good(Site site) implements Checked {}

    record Bad(List<Problem> problems) implements Checked {
      public Bad {
        problems = List.copyOf(problems);
      }
    }
  }

  /// The text of a profile's file; empty when there is none.
  ///
  /// @throws UncheckedIOException when it cannot be read
  Optional<String> text(ClusterName profile) {
    try {
      return Optional.of(Files.readString(folder.resolve(file(profile))));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The site as it would be with another text for one profile.
  Checked check(ClusterName profile, String text) {
    return checked(reader.read(folder, Map.of(file(profile), text)));
  }

  private static Checked checked(SiteReader.Result result) {
    return switch (result) {
      case SiteReader.Result.Loaded(List<Site> sites) -> new Checked.Good(sites.getFirst());
      case SiteReader.Result.Refused(List<Problem> problems) -> new Checked.Bad(problems);
    };
  }

  /// What came of writing.
  sealed interface Written {
    record Done() implements Written {}

    /// The file is not what it was when this was planned.
    record Changed() implements Written {}

    record Bad(List<Problem> problems) implements Written {}
  }

  /// Writes a profile's file, whole or not at all, if it is still what it was and the site with it
  /// is valid.
  ///
  /// @param was the digest of its text before; empty when there was none
  /// @throws UncheckedIOException when it cannot be written
  synchronized Written write(ClusterName profile, Optional<String> was, String text) {
    if (!text(profile).map(LiveSite::digest).equals(was)) {
      return new Written.Changed();
    }
    if (check(profile, text) instanceof Checked.Bad(List<Problem> problems)) {
      return new Written.Bad(problems);
    }
    try {
      replace(folder.resolve(file(profile)), text);
      return new Written.Done();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void replace(Path file, String text) throws IOException {
    // a link stays one: what it points to is replaced
    Path target = Files.exists(file) ? file.toRealPath() : file;
    // hidden, so that whoever reads the folder meanwhile passes it over
    Path fresh = target.resolveSibling("." + target.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    if (Files.exists(target)
        && Files.getFileStore(target).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(target));
    }
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel channel =
        FileChannel.open(target.resolveSibling("."), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Takes the files into use. With a single fault in any of them the site that is in force stays.
  ///
  /// @return what is wrong; empty when they are in use now
  synchronized List<Problem> load() {
    Map<String, String> digests = digests(folder);
    return switch (checked(reader.read(folder))) {
      case Checked.Good(Site site) -> {
        inForce.set(new InForce(site, digests));
        yield List.of();
      }
      case Checked.Bad(List<Problem> problems) -> problems;
    };
  }

  /// Whether a profile's file is the one that is in force.
  boolean isInForce(ClusterName profile) {
    return text(profile)
        .map(LiveSite::digest)
        .equals(Optional.ofNullable(inForce.get().digests().get(file(profile))));
  }

  /// The files as they are now.
  ///
  /// @param problems what is wrong with them
  /// @param changed names of those that differ from what is in force
  public record OnDisk(List<Problem> problems, List<String> changed) {
    public OnDisk {
      problems = List.copyOf(problems);
      changed = List.copyOf(changed);
    }
  }

  public OnDisk onDisk() {
    Map<String, String> before = inForce.get().digests();
    Map<String, String> now = digests(folder);
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    return new OnDisk(
        checked(reader.read(folder)) instanceof Checked.Bad(List<Problem> problems)
            ? problems
            : List.of(),
        names.stream().filter(name -> !Objects.equals(before.get(name), now.get(name))).toList());
  }

  private static Map<String, String> digests(Path folder) {
    Map<String, String> digests = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return digests;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (SiteReader.isOfTheSite(name) && Files.isRegularFile(file)) {
          digests.put(name, Sha256.hex(Files.readAllBytes(file)));
        }
      }
      return digests;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String digest(String text) {
    return Sha256.hex(text);
  }
}
