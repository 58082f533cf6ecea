package dev.pvebot.bot.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The rule of the house: `clusters <- commands <- runbooks <- integrations/* <- bot`, and what
/// each room keeps out. Read from the compiled classes of every module, so a new room or package is
/// held to it at once.
class HouseRulesTest {
  private static final String CLUSTERS = "dev.pvebot.clusters..";
  private static final String COMMANDS = "dev.pvebot.commands..";
  private static final String RUNBOOKS = "dev.pvebot.runbooks..";
  private static final String INTEGRATIONS = "dev.pvebot.integrations..";
  private static final String LAB = "dev.pvebot.integrations.lab..";
  private static final String BOT = "dev.pvebot.bot..";
  private static final Set<String> DRAWERS =
      Set.of("util", "utils", "common", "commons", "impl", "helper", "helpers", "manager", "misc");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.pvebot");

  @Test
  void everyRoom_isSeenByTheseRules() {
    for (String room : List.of("clusters", "commands", "runbooks", "integrations", "bot")) {
      assertThat(HOUSE.that(resideInAPackage("dev.pvebot." + room + "..")))
          .as("classes of %s", room)
          .isNotEmpty();
    }
  }

  @Test
  void clusters_knowsNoOtherRoom() {
    keepsOut(CLUSTERS, COMMANDS, RUNBOOKS, INTEGRATIONS, BOT);
  }

  @Test
  void commands_knowsOnlyClusters() {
    keepsOut(COMMANDS, RUNBOOKS, INTEGRATIONS, BOT);
  }

  @Test
  void runbooks_knowsOnlyClustersAndCommands() {
    keepsOut(RUNBOOKS, INTEGRATIONS, BOT);
  }

  @Test
  void integrations_doesNotKnowTheProgram() {
    keepsOut(INTEGRATIONS, BOT);
  }

  @Test
  void oneSystem_doesNotImportAnother() {
    holds(slices().matching("dev.pvebot.integrations.(*)..").should().notDependOnEachOther());
  }

  @Test
  void lab_sharesNothingWithTheClientsItTests() {
    holds(
        noClasses()
            .that()
            .resideInAPackage(LAB)
            .should()
            .dependOnClassesThat(resideInAPackage("dev.pvebot..").and(not(resideInAPackage(LAB))))
            .because("what both sides got wrong together, no test would see"));
  }

  @Test
  void clusters_readsFilesAndDoesNoOtherInputOrOutput() {
    holds(noClasses().that().resideInAPackage(CLUSTERS).should().dependOnClassesThat(OUTSIDE));
  }

  @Test
  void commands_doesNoInputOrOutput() {
    holds(
        noClasses()
            .that()
            .resideInAPackage(COMMANDS)
            .should()
            .dependOnClassesThat(OUTSIDE.or(FILES)));
  }

  /// The entries stand in the root package beside the parts list and call the command line, which
  /// opens the bot. Nobody depends on them, so they close no circle.
  @Test
  void packages_formNoCycle() {
    holds(
        slices()
            .matching("dev.pvebot.(**)")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(
                named("dev.pvebot.bot.Pvebot", "dev.pvebot.bot.Rehearsal"),
                DescribedPredicate.alwaysTrue()));
  }

  @Test
  void entries_areNobodysDependency() {
    holds(
        noClasses()
            .that(not(named("dev.pvebot.bot.Pvebot", "dev.pvebot.bot.Rehearsal")))
            .should()
            .dependOnClassesThat(named("dev.pvebot.bot.Pvebot", "dev.pvebot.bot.Rehearsal")));
  }

  @Test
  void packages_areNamedAfterTheirSubject() {
    assertThat(packageNames())
        .allSatisfy(name ->
            assertThat(Arrays.stream(name.split("\\.")).filter(DRAWERS::contains))
                .as("%s is a drawer; name what lives there", name)
                .isEmpty());
  }

  @Test
  void everyPackage_promisesItIsFreeOfNulls() {
    Set<String> unmarked = new TreeSet<>();
    for (String name : packageNames()) {
      JavaPackage found = HOUSE.getPackage(name);
      if (found
          .tryGetPackageInfo()
          .filter(info -> info.isAnnotatedWith(NullMarked.class))
          .isEmpty()) {
        unmarked.add(name);
      }
    }
    assertThat(unmarked).as("packages without a @NullMarked package-info.java").isEmpty();
  }

  private static final DescribedPredicate<JavaClass> OUTSIDE =
      resideInAnyPackage(
              "java.net.http..",
              "java.sql..",
              "javax.sql..",
              "javax.net..",
              "java.nio.channels..",
              "okhttp3..",
              "io.netty..",
              "net.schmizz..")
          .or(
              named(
                  "java.net.Socket",
                  "java.net.ServerSocket",
                  "java.net.DatagramSocket",
                  "java.net.URLConnection",
                  "java.net.HttpURLConnection",
                  "java.lang.Process",
                  "java.lang.ProcessBuilder",
                  "java.lang.Thread",
                  "java.util.concurrent.Executors"))
          .as("reach outside of the process or start threads");

  private static final DescribedPredicate<JavaClass> FILES =
      resideInAnyPackage("java.nio.file..")
          .or(
              named(
                  "java.io.File",
                  "java.io.FileInputStream",
                  "java.io.FileOutputStream",
                  "java.io.FileReader",
                  "java.io.FileWriter",
                  "java.io.RandomAccessFile"))
          .as("are files");

  private static DescribedPredicate<JavaClass> named(String... names) {
    Set<String> wanted = Set.of(names);
    return DescribedPredicate.describe(
        "is one of " + wanted, candidate -> wanted.contains(candidate.getFullName()));
  }

  private static void keepsOut(String room, String... strangers) {
    holds(
        noClasses()
            .that()
            .resideInAPackage(room)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(strangers));
  }

  /// Rooms may still be empty: a rule about nobody holds.
  private static void holds(ArchRule rule) {
    rule.allowEmptyShould(true).check(HOUSE);
  }

  /// Made by protoc; their names are the protocol's.
  private static boolean isGenerated(String packageName) {
    return packageName.startsWith("dev.pvebot.integrations.talos.wire")
        || packageName.startsWith("dev.pvebot.integrations.lab.talos.proto");
  }

  private static Set<String> packageNames() {
    return HOUSE.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> !isGenerated(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
