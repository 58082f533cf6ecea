package dev.pvebot.clusters.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.yaml.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A folder of site files under test; its site and profiles have no name in common with the
/// example.
public record SiteFolder(Path folder) {
  public static final String SITE =
      """
      cluster:
        name: lab.example.org
        nodes:
          - {name: alpha, host: 192.168.7.2}
          - {name: beta, host: 192.168.7.3}
          - {name: gamma, host: 192.168.7.4}
      defaults: {storage: tank, network_bridge: vmbr7}
      vmid_ranges: {templates: "9000-9099", vms: "300-399"}
      credentials: {pass_path: lab/token}
      """;

  public SiteFolder site(String text) {
    return file(SiteReader.SITE_FILE, text);
  }

  public SiteFolder file(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public SiteFolder profile(String text) {
    String name =
        text.lines()
            .filter(line -> line.startsWith("name: "))
            .findFirst()
            .orElseThrow()
            .substring(6);
    return file(name + ".yaml", text);
  }

  SiteReader.Result read() {
    return new SiteReader(Path.of("/home/bot")).read(folder);
  }

  /// The only site; fails the test when something was refused.
  public Site load() {
    return switch (read()) {
      case SiteReader.Result.Loaded(List<Site> sites) -> sites.getFirst();
      case SiteReader.Result.Refused(List<Problem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  List<String> problems() {
    SiteReader.Result result = read();
    assertThat(result).isInstanceOf(SiteReader.Result.Refused.class);
    return ((SiteReader.Result.Refused) result).problems().stream().map(Problem::sentence).toList();
  }

  /// A valid generic profile of two machines whose VMIDs begin at `start`.
  public static String generic(String name, String start) {
    return """
    name: %s
    type: generic
    nodes:
      machines:
        count: 2
        name_prefix: %s-
        cores: 2
        memory: 2048
        disk: 20G
        start_vmid: %s
    template: 9001
    tags: [plain, %s]
    """
        .formatted(name, name, start, name);
  }

  /// A valid Talos profile of one control plane; `digit` from 1 to 9 keeps its numbers apart from
  /// those of others.
  public static String talos(String name, int digit) {
    return """
    name: %1$s
    type: talos
    talos: {version: 1.12.0, kubernetes_version: 1.35.0, config_dir: ~/talos/%1$s}
    network:
      api_endpoint: 192.168.7.%2$d0
      pod_cidr: 10.%2$d.0.0/16
      service_cidr: 172.%2$d.0.0/16
      gateway: 192.168.7.1
      prefix_length: 24
    nodes:
      controlplane:
        count: 1
        cores: 2
        memory: 4096
        disk: 32G
        assignments:
          - {name: %1$s-1, node: alpha, vmid: 3%2$d1, ip: 192.168.7.%2$d1, mac: "02:00:00:00:0%2$d:01"}
    template: 9000
    tags: [talos, kubernetes, %1$s]
    flux: {repo: "https://git.example.org/ops/fleet.git", path: clusters/%1$s, branch: main}
    """
        .formatted(name, digit);
  }
}
