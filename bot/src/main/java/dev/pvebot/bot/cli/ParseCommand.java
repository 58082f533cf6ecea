package dev.pvebot.bot.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pvebot.bot.Vocabulary;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.Interpreter;
import dev.pvebot.runbooks.format.Library;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// `pvebot parse`: what the interpreter makes of a text. Touches no network.
@CommandLine.Command(
    name = "parse",
    description =
        "Shows what is understood: one JSON object for TEXT, or for each line of standard input.",
    mixinStandardHelpOptions = true)
final class ParseCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Parameters(paramLabel = "TEXT", arity = "0..1")
  private @Nullable String text;

  @CommandLine.Option(names = "--json", description = "JSON, which is what it prints anyway.")
  private boolean json;

  @CommandLine.Option(
      names = "--clusters",
      paramLabel = "DIR",
      description = "Folder with cluster-config.yaml and profiles (default: the example's).")
  private @Nullable Path clusters;

  @Override
  public Integer call() throws Configured.Unusable, IOException {
    Catalog catalog =
        Vocabulary.of(Configured.site(clusters == null ? example() : clusters), Library.load());
    Interpreter interpreter = new Interpreter();
    ObjectMapper mapper = new ObjectMapper();
    PrintWriter out = spec.commandLine().getOut();
    if (text != null) {
      out.println(line(mapper, interpreter.interpret(text, catalog)));
    } else {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String said = in.readLine(); said != null; said = in.readLine()) {
        out.println(line(mapper, interpreter.interpret(said, catalog)));
      }
    }
    out.flush();
    return 0;
  }

  private static String line(ObjectMapper mapper, Command command) throws JsonProcessingException {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("intent", command.intent());
    Map<String, Object> args = new LinkedHashMap<>(command.args());
    shown.put("args", args);
    shown.put("risk", command.risk().word());
    command.reason().ifPresent(reason -> shown.put("reason", reason));
    return mapper.writeValueAsString(shown);
  }

  /// The example site: beside the program where it is installed, else in the working folder.
  private static Path example() {
    String home = System.getProperty("pvebot.home", "");
    return home.isEmpty() ? Path.of("clusters") : Path.of(home, "clusters");
  }
}
