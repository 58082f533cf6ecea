package dev.pvebot.runbooks.linter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.format.Library;
import dev.pvebot.runbooks.format.Runbook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryTest {
  @Test
  void everyShippedRunbook_isRead() {
    assertThat(Library.load().problems()).isEmpty();
  }

  @Test
  void index_namesExactlyTheFilesOfTheFolder() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("library"))) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".md"))
              .sorted()
              .toList();
      assertThat(Files.readAllLines(Path.of("library/index.txt"))).isEqualTo(names);
    }
  }

  @Test
  void everyIntentOfTheLibrary_hasItsDeclaredRiskAndPhrases() {
    Library library = Library.load();
    assertThat(library.toCatalogEntries())
        .extracting(Catalog.Entry::intent)
        .containsExactlyInAnyOrder(
            "cluster.create",
            "cluster.teardown",
            "cluster.rebuild",
            "node.evacuate",
            "node.return",
            "profile.edit",
            "profile.new",
            "vm.start",
            "vm.stop",
            "vm.reboot",
            "vm.kill",
            "vm.delete",
            "vm.clone",
            "vm.set",
            "vm.resize",
            "vm.migrate",
            "snapshot.create",
            "snapshot.rollback",
            "snapshot.delete",
            "tag.add",
            "tag.remove",
            "backup.create",
            "backup.restore",
            "backup.delete",
            "vm.unlock",
            "disk.move",
            "disk.delete",
            "iso.upload",
            "iso.delete",
            "task.stop",
            "ct.start",
            "ct.stop",
            "ct.reboot",
            "ct.snapshot",
            "ct.migrate",
            "template.create");
    assertThat(library.toCatalogEntries())
        // what a form asks for has no sentence of its own, but an example
        .allSatisfy(
            entry -> assertThat(entry.phrases().size() + entry.examples().size()).isPositive());
    assertThat(library.forIntent("vm.delete").orElseThrow().risk()).isEqualTo(Risk.DESTRUCTIVE);
    assertThat(library.forIntent("vm.start").orElseThrow().risk()).isEqualTo(Risk.ROUTINE);
  }

  @Test
  void everyRunbook_tellsPeopleWhatTheyNeedToKnow() {
    assertThat(Library.load().all())
        .extracting(Runbook::prose)
        .allSatisfy(prose ->
            assertThat(prose).contains("**What can go wrong**").contains("**How to go back**"));
  }

  @Test
  void siteRunbook_takesThePlaceOfTheShippedOne(@TempDir Path folder) throws IOException {
    Runbook shipped = Library.load().named("vm-start").orElseThrow();
    Files.writeString(
        folder.resolve("vm-start.md"),
        shipped.text().replace("summary: Start VMs", "summary: Start our VMs"));
    Files.writeString(folder.resolve("broken.md"), "# nothing");
    Library library = Library.load(folder);
    assertThat(library.named("vm-start").orElseThrow().summary().text()).isEqualTo("Start our VMs");
    assertThat(library.problems())
        .map(Problem::toString)
        .containsExactly(
            "broken.md:1:1: found no frontmatter; expected --- on the first line. It says name,"
                + " summary and risk.");
  }
}
