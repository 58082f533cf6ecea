package dev.pvebot.bot.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/// `pvebot lab`: the simulated datacenter alone.
@CommandLine.Command(
    name = "lab",
    description = "Runs the simulated datacenter alone; stays until stopped.",
    mixinStandardHelpOptions = true)
final class LabCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Option(
      names = "--dir",
      defaultValue = "pvebot-lab",
      description = "Folder for its site and a ready pvebot.yaml (default: ${DEFAULT-VALUE}).")
  private Path dir;

  @CommandLine.Option(
      names = "--speed",
      defaultValue = "1",
      description = "Seconds of lab time in a second (default: ${DEFAULT-VALUE}).")
  private double speed;

  @CommandLine.Option(names = "--json", description = "Print the endpoints as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    if (!(speed > 0)) {
      spec.commandLine().getErr().println("--speed must be more than 0, for example 50");
      return 2;
    }
    Path folder = dir.toAbsolutePath().normalize();
    Lab lab = LabServer.start(LabConfig.defaults().withSpeed(speed), folder);
    Runtime.getRuntime().addShutdownHook(new Thread(lab::close, "lab-stop"));
    Map<String, Object> endpoints = LabServer.endpoints(lab);
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(endpoints));
    } else {
      out.println("The lab is ready. Its configuration: " + folder.resolve("pvebot.yaml"));
      lab.endpoints().forEach((node, uri) -> out.println("  " + node + "  " + uri));
      out.println("Stop it with Ctrl-C.");
    }
    out.flush();
    Thread.currentThread().join();
    return 0;
  }
}
