package dev.pvebot.integrations.git;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.Status;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryState;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/// A folder that may lie in the work tree of a git repository. Every call looks at the repository
/// anew, for people work in it too. Thread-safe.
public final class GitFolder {
  /// Where nobody has an address, RFC 2606.
  private static final String NO_MAIL = "@pvebot.invalid";

  private static final String COMMITTER = "pvebot";
  private static final int SHORT = 7;

  private final Path folder;

  public GitFolder(Path folder) {
    this.folder = folder;
  }

  /// Whether something can be committed.
  public sealed interface State {
    /// The folder is in no work tree.
    record NoRepository() implements State {}

    /// @param root the work tree
    /// @param dirty whether the file has changes that nobody committed
    record Ready(Path root, String branch, boolean dirty) implements State {}

    /// The repository takes no commit now.
    ///
    /// @param why a clause, for example `a merge is under way in /etc/pvebot`
    record Busy(String why) implements State {}
  }

  /// @param id forty hexadecimal digits
  public record Commit(String id) {
    public String shortId() {
      return id.substring(0, SHORT);
    }
  }

  /// The repository could not be read or written.
  public static final class GitFailure extends Exception {
    private static final long serialVersionUID = 1;

    GitFailure(String message, Throwable cause) {
      super(message, cause);
    }

    GitFailure(String message) {
      super(message);
    }
  }

  /// Whether the folder lies in a work tree. The repository may still be damaged.
  public boolean exists() {
    return search().getGitDir() != null;
  }

  /// @param name of a file in the folder; it need not exist
  public State state(String name) throws GitFailure {
    Optional<Repository> found = open();
    if (found.isEmpty()) {
      return new State.NoRepository();
    }
    try (Repository repository = found.get()) {
      Path root = repository.getWorkTree().toPath();
      if (repository.getRepositoryState() != RepositoryState.SAFE) {
        return new State.Busy("%s in %s".formatted(words(repository.getRepositoryState()), root));
      }
      Status status = status(repository, name);
      boolean dirty = !status.isClean() && Files.exists(folder.resolve(name));
      return new State.Ready(root, String.valueOf(repository.getBranch()), dirty);
    } catch (IOException | GitAPIException | JGitInternalException failure) {
      throw failure("looking at", failure);
    }
  }

  /// The last commit of a file, if what is committed is what the file says now.
  ///
  /// @return empty too when the folder is in no repository
  public Optional<Commit> committed(String name) throws GitFailure {
    Optional<Repository> found = open();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Repository repository = found.get();
        Git git = Git.wrap(repository);
        RevWalk walk = new RevWalk(repository)) {
      ObjectId head = repository.resolve(Constants.HEAD);
      String path = path(repository, name);
      if (head == null || !same(repository, walk.parseCommit(head), path, name)) {
        return Optional.empty();
      }
      for (RevCommit commit : git.log().addPath(path).setMaxCount(1).call()) {
        return Optional.of(new Commit(commit.name()));
      }
      return Optional.empty();
    } catch (IOException | GitAPIException | JGitInternalException failure) {
      throw failure("reading", failure);
    }
  }

  private boolean same(Repository repository, RevCommit head, String path, String name)
      throws IOException {
    Path file = folder.resolve(name);
    try (TreeWalk walk = TreeWalk.forPath(repository, path, head.getTree())) {
      return walk != null
          && Files.exists(file)
          && Arrays.equals(
              repository.open(walk.getObjectId(0)).getBytes(), Files.readAllBytes(file));
    }
  }

  /// Commits one file as it is now, and nothing else of what may be staged. The repository's hooks
  /// run; the commit is not signed, for pvebot has no key.
  ///
  /// @param author a person's name, who becomes the author; the committer is pvebot
  /// @throws GitFailure when there is no repository, or it does not take the commit
  public Commit commit(String name, String message, String author, Instant when) throws GitFailure {
    Repository repository =
        open()
            .orElseThrow(() ->
                new GitFailure("%s is in no work tree of a git repository".formatted(folder)));
    try (repository;
        Git git = Git.wrap(repository)) {
      String path = path(repository, name);
      if (status(repository, name).getIgnoredNotInIndex().contains(path)) {
        throw new GitFailure("%s is ignored by the repository's .gitignore".formatted(path));
      }
      git.add().addFilepattern(path).call();
      RevCommit commit =
          git.commit()
              .setOnly(path)
              .setMessage(message)
              .setAuthor(ident(author, when))
              .setCommitter(ident(COMMITTER, when))
              .setSign(false)
              .call();
      return new Commit(commit.name());
    } catch (GitAPIException | JGitInternalException failure) {
      throw failure("committing to", failure);
    }
  }

  private static PersonIdent ident(String person, Instant when) {
    return new PersonIdent(person, person + NO_MAIL, when, ZoneOffset.UTC);
  }

  private Status status(Repository repository, String name) throws GitAPIException {
    try (Git git = Git.wrap(repository)) {
      return git.status().addPath(path(repository, name)).call();
    }
  }

  private String path(Repository repository, String name) {
    Path root = real(repository.getWorkTree().toPath());
    Path inside = real(folder).resolve(name);
    return root.relativize(inside).toString().replace(File.separatorChar, '/');
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException _) {
      return path.toAbsolutePath().normalize();
    }
  }

  private FileRepositoryBuilder search() {
    return new FileRepositoryBuilder().findGitDir(real(folder).toFile());
  }

  private Optional<Repository> open() throws GitFailure {
    FileRepositoryBuilder builder = search();
    if (builder.getGitDir() == null) {
      return Optional.empty();
    }
    try {
      Repository repository = builder.build();
      if (repository.isBare()) {
        repository.close();
        return Optional.empty();
      }
      return Optional.of(repository);
    } catch (IOException failure) {
      throw failure("opening", failure);
    }
  }

  private GitFailure failure(String verb, Exception cause) {
    String why = String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    return new GitFailure("%s the git repository of %s: %s".formatted(verb, folder, why), cause);
  }

  private static String words(RepositoryState state) {
    return switch (state) {
      case MERGING, MERGING_RESOLVED -> "a merge is under way";
      case REBASING, REBASING_REBASING, REBASING_MERGE, REBASING_INTERACTIVE ->
          "a rebase is under way";
      case CHERRY_PICKING, CHERRY_PICKING_RESOLVED -> "a cherry-pick is under way";
      case REVERTING, REVERTING_RESOLVED -> "a revert is under way";
      case BISECTING -> "a bisection is under way";
      case APPLY -> "patches are being applied";
      case SAFE, BARE -> state.getDescription().toLowerCase(java.util.Locale.ROOT);
    };
  }

  /// The first line of a commit's message: at most 72 characters.
  public static String subject(String text) {
    int most = 72;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= most ? text : text.substring(0, Math.min(text.length(), most - 1)) + "…";
  }
}
