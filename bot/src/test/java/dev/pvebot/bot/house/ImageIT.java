package dev.pvebot.bot.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image without Docker: the tree that the Dockerfile lays out, with a runtime that jlink makes
/// of the same modules, started in an environment that holds nothing of this machine's.
class ImageIT {
  private static final Path ROOT =
      Path.of(System.getProperty("pvebot.root", "..")).toAbsolutePath();
  private static final Path DIST = ROOT.resolve("target/dist");

  @TempDir static Path folder;
  private static Path image;

  @BeforeAll
  static void layOutTheTree() throws IOException {
    image = folder.resolve("opt/pvebot");
    copy(DIST, image);
    int exit =
        tool("jlink")
            .run(
                System.out,
                System.err,
                "--add-modules",
                String.join(",", modulesOfTheRuntime()),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                image.resolve("runtime").toString());
    assertThat(exit).as("jlink").isZero();
  }

  @Test
  void entryPoint_saysItsVersion() throws IOException, InterruptedException {
    Ended ended = run("bin/pvebot", "--version");

    assertThat(ended).isEqualTo(new Ended(0, "pvebot " + version() + "\n", ""));
  }

  @Test
  void entryPoint_understandsASentence() throws IOException, InterruptedException {
    Ended ended = run("bin/pvebot", "parse", "vm start 1031");

    assertThat(ended.out()).contains("\"intent\":\"vm.start\"").contains("1031");
    assertThat(ended.exit()).isZero();
  }

  @Test
  void healthcheck_withoutARunningBot_fails() throws IOException, InterruptedException {
    assertThat(run("bin/healthcheck").exit()).isNotZero();
  }

  @Test
  void runtime_hasEveryModuleThatTheLibrariesUse() throws IOException {
    assertThat(modulesOfTheRuntime()).containsAll(modulesInUse());
  }

  @Test
  void dockerfile_copiesTheDistributionAlone_andRunsUnprivileged() throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("Dockerfile"));

    assertThat(lines.stream().filter(line -> line.startsWith("COPY") || line.startsWith("ADD")))
        .containsExactly(
            "COPY target/dist /opt/pvebot", "COPY --from=runtime /opt/pvebot /opt/pvebot");
    assertThat(lines).contains("USER pvebot");
    assertThat(lines).anyMatch(line -> line.startsWith("HEALTHCHECK"));
  }

  private record Ended(int exit, String out, String err) {}

  private static Ended run(String... command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    List<String> whole = new ArrayList<>(Arrays.asList(command));
    whole.set(0, image.resolve(command[0]).toString());
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString()));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended within a minute").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static Set<String> modulesOfTheRuntime() throws IOException {
    return Set.of(Files.readString(DIST.resolve("etc/modules")).strip().split(","));
  }

  /// As jdeps finds them. It is shown bare classes: with module descriptors it would demand a whole
  /// module graph, and the program runs from the class path.
  private static Set<String> modulesInUse() throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("--multi-release", "25", "--ignore-missing-deps", "--print-module-deps"));
    try (Stream<Path> jars = Files.list(DIST.resolve("lib"))) {
      for (Path jar : jars.sorted().toList()) {
        Path classes = folder.resolve("classes").resolve(jar.getFileName().toString());
        unpack(jar, classes);
        arguments.add(classes.toString());
      }
    }
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    assertThat(tool("jdeps").run(out, out, arguments.toArray(String[]::new)))
        .as("jdeps: %s", said)
        .isZero();
    return new TreeSet<>(List.of(said.toString().strip().lines().toList().getLast().split(",")));
  }

  private static void unpack(Path jar, Path into) throws IOException {
    Files.createDirectories(into);
    try (JarFile file = new JarFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().toList()) {
        String name = entry.getName();
        if (!name.endsWith(".class") || name.endsWith("module-info.class")) {
          continue;
        }
        Path target = into.resolve(name).normalize();
        assertThat(target).startsWithRaw(into);
        Files.createDirectories(target.getParent());
        try (InputStream in = file.getInputStream(entry)) {
          Files.copy(in, target);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.toString().endsWith(".aot")) {
          Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private static String version() throws IOException {
    try (JarFile jar = new JarFile(DIST.resolve("lib/pvebot.jar").toFile())) {
      return jar.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
  }

  private static ToolProvider tool(String name) {
    return ToolProvider.findFirst(name).orElseThrow();
  }
}
