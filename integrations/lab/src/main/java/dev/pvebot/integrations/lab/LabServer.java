package dev.pvebot.integrations.lab;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.wire.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The lab as a program of its own: what `pvebot lab` starts.
public final class LabServer {
  private LabServer() {}

  /// Starts a lab with its site in `directory`. The caller prints [#endpoints] when it returns, and
  /// closes the lab when it is stopped.
  public static Lab start(LabConfig config, Path directory) {
    Lab lab = Lab.start(config.withDirectory(directory));
    try {
      lab.writeSite(directory);
    } catch (RuntimeException e) {
      lab.close();
      throw e;
    }
    return lab;
  }

  /// Runs the example site until the process is stopped, and prints one JSON object when it is
  /// ready.
  ///
  /// @param speed seconds of lab time in a second of the wall
  public static void run(Path directory, double speed) throws InterruptedException {
    Lab lab = start(LabConfig.defaults().withSpeed(speed), directory);
    Runtime.getRuntime().addShutdownHook(new Thread(lab::close, "lab-stop"));
    System.out.println(Json.write(endpoints(lab)));
    System.out.flush();
    Thread.currentThread().join();
  }

  /// Where the lab is, for a program to read. No secret is in it: tokens lie in the site's files.
  public static Map<String, Object> endpoints(Lab lab) {
    Map<String, Object> nodes = new LinkedHashMap<>();
    lab.config().nodes().forEach(n -> nodes.put(n.name(), lab.endpoint(n.name()).toString()));
    Map<String, Object> json =
        Json.object(
            "cluster",
            lab.config().clusterName(),
            "version",
            lab.config().version().version(),
            "nodes",
            nodes,
            "fingerprints",
            lab.fingerprints(),
            "admin",
            lab.adminEndpoint().toString(),
            "speed",
            lab.clock().speed(),
            "pid",
            ProcessHandle.current().pid());
    lab.config()
        .directory()
        .ifPresent(dir -> {
          json.put("dir", dir.toAbsolutePath().toString());
          json.put("config", dir.resolve("pvebot.yaml").toAbsolutePath().toString());
          json.put("ca", dir.resolve("lab-ca.pem").toAbsolutePath().toString());
          json.put("token_file", dir.resolve("secrets/pve-token").toAbsolutePath().toString());
          json.put("ledger", dir.resolve("ledger.jsonl").toAbsolutePath().toString());
        });
    return json;
  }
}
