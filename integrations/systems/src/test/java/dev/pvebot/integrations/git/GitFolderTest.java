package dev.pvebot.integrations.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.integrations.git.GitFolder.Commit;
import dev.pvebot.integrations.git.GitFolder.GitFailure;
import dev.pvebot.integrations.git.GitFolder.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitFolderTest {
  private static final Instant WHEN = Instant.parse("2026-03-02T14:01:00Z");

  private static final String NAME = "lab.yaml";

  @TempDir Path root;

  private Path file;
  private GitFolder folder;

  @BeforeEach
  void aFolderInARepository() throws IOException {
    Path site = Files.createDirectories(root.resolve("ops/clusters"));
    file = site.resolve(NAME);
    folder = new GitFolder(site);
  }

  private Git init() throws GitAPIException, IOException {
    Git git = Git.init().setDirectory(root.toFile()).call();
    Files.writeString(root.resolve("README"), "ours\n");
    git.add().addFilepattern("README").call();
    git.commit().setMessage("begin").setAuthor("eve", "eve@example.org").setSign(false).call();
    return git;
  }

  @Test
  void aFolderInNoRepository_saysSo_andTakesNoCommit() throws GitFailure, IOException {
    Files.writeString(file, "name: lab\n");

    assertThat(folder.state(NAME)).isEqualTo(new State.NoRepository());
    assertThat(folder.committed(NAME)).isEmpty();
    assertThatThrownBy(() -> folder.commit(NAME, "add", "alice", WHEN))
        .isInstanceOf(GitFailure.class)
        .hasMessageContaining("no work tree");
  }

  @Test
  void commit_takesTheOneFile_inThePersonsName_andLeavesWhatIsStagedElsewhere()
      throws GitAPIException, IOException, GitFailure {
    try (Git git = init()) {
      Files.writeString(root.resolve("other"), "half done\n");
      git.add().addFilepattern("other").call();
      Files.writeString(file, "name: lab\n");
      assertThat(folder.committed(NAME)).isEmpty();

      Commit commit = folder.commit(NAME, "New profile lab\n\nOperation 7.", "alice", WHEN);

      RevCommit head = git.log().setMaxCount(1).call().iterator().next();
      assertThat(head.name()).isEqualTo(commit.id());
      assertThat(head.getAuthorIdent().getName()).isEqualTo("alice");
      assertThat(head.getCommitterIdent().getName()).isEqualTo("pvebot");
      assertThat(head.getAuthorIdent().getWhenAsInstant()).isEqualTo(WHEN);
      assertThat(head.getShortMessage()).isEqualTo("New profile lab");
      assertThat(git.status().call().getAdded()).containsExactly("other");
      assertThat(folder.committed(NAME)).contains(commit);
    }
  }

  @Test
  void whatIsNotCommitted_isSeen() throws GitAPIException, IOException, GitFailure {
    try (Git _ = init()) {
      Files.writeString(file, "name: lab\n");
      folder.commit(NAME, "add", "alice", WHEN);
      assertThat(folder.state(NAME))
          .isInstanceOfSatisfying(State.Ready.class, state -> assertThat(state.dirty()).isFalse());

      Files.writeString(file, "name: lab # by hand\n");

      assertThat(folder.committed(NAME)).isEmpty();
      assertThat(folder.state(NAME))
          .isInstanceOfSatisfying(State.Ready.class, state -> assertThat(state.dirty()).isTrue());
    }
  }

  @Test
  void aMergeUnderWay_andAnIgnoredFile_areNamed() throws GitAPIException, IOException {
    try (Git git = init()) {
      Files.writeString(root.resolve(".gitignore"), "*.yaml\n");
      Files.writeString(file, "name: lab\n");
      assertThatThrownBy(() -> folder.commit(NAME, "add", "alice", WHEN))
          .isInstanceOf(GitFailure.class)
          .hasMessageContaining("ops/clusters/lab.yaml is ignored");

      Files.writeString(
          root.resolve(".git/MERGE_HEAD"), git.getRepository().resolve("HEAD").name() + "\n");
      assertThat(catchState())
          .isInstanceOfSatisfying(
              State.Busy.class, busy -> assertThat(busy.why()).contains("a merge is under way"));
    }
  }

  private State catchState() {
    try {
      return folder.state(NAME);
    } catch (GitFailure failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void aDiff_showsTheLinesThatChange_withWhatIsAround() {
    assertThat(TextDiff.unified("a: 1\nb: 2\nc: 3\n", "a: 1\nb: 5\nc: 3\n", 1))
        .isEqualTo("@@ -1,3 +1,3 @@\n a: 1\n-b: 2\n+b: 5\n c: 3\n");
    assertThat(TextDiff.unified("a\n", "a\n", 1)).isEmpty();
    assertThat(TextDiff.unified("", "a: 1\n", 1)).isEqualTo("@@ -0,0 +1 @@\n+a: 1\n");
  }
}
