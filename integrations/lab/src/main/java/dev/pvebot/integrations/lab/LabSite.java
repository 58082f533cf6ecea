package dev.pvebot.integrations.lab;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.NodeSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Writes a site that speaks to one lab: `pvebot.yaml`, and below `site/` the site's configuration,
/// three profiles and the lab's authority.
///
/// Directory layout: `pvebot.yaml`, `lab-ca.pem`, `secrets/pve-token` (mode 600: the token's id,
/// then its secret), `site/cluster-config.yaml`, `site/talos-staging.yaml`,
/// `site/talos-production.yaml`, `site/lab-web.yaml`.
final class LabSite {
  private final Lab lab;
  private final LabConfig config;

  LabSite(Lab lab) {
    this.lab = lab;
    this.config = lab.config();
  }

  void write(Path directory) {
    try {
      Path site = Files.createDirectories(directory.resolve("site"));
      Path secrets = Files.createDirectories(directory.resolve("secrets"));
      Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwx------"));
      Path token = secrets.resolve("pve-token");
      Files.deleteIfExists(token);
      Files.createFile(
          token,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(token, lab.token("operator").replaceFirst("=", "\n") + "\n");
      Files.writeString(directory.resolve("lab-ca.pem"), lab.caPem());
      Files.writeString(site.resolve("lab-ca.pem"), lab.caPem());
      Files.writeString(site.resolve("cluster-config.yaml"), clusterConfig());
      Files.writeString(
          site.resolve("talos-staging.yaml"),
          talos("talos-staging", "staging", "stage", 50, "10.244.0.0/16", "10.96.0.0/12")
              + nodes("controlplane", "ts", 3, 4, 8192, "100G", 1051, 51)
              + nodes("workers", "tw", 0, 4, 8192, "100G", 1061, 61)
              + tail("staging"));
      Files.writeString(
          site.resolve("talos-production.yaml"),
          talos("talos-production", "production", "prod", 100, "10.245.0.0/16", "10.112.0.0/12")
              + nodes("controlplane", "tp", 3, 4, 8192, "100G", 2001, 101)
              + nodes("workers", "tw", 3, 8, 16_384, "200G", 2011, 111)
              + tail("production"));
      Files.writeString(site.resolve("lab-web.yaml"), web());
      Files.writeString(directory.resolve("pvebot.yaml"), bot());
    } catch (IOException e) {
      throw new UncheckedIOException("Writing the lab's site into " + directory, e);
    }
  }

  private String bot() {
    return """
    # Written by the lab. People are believed when they say who they are: never do this elsewhere.
    site: site
    store: {url: "jdbc:sqlite:pvebot.db"}
    socket: pvebot.sock
    console: {trust: true}
    pve: {token: "file:secrets/pve-token"}
    # how much faster than the wall this lab's clock runs; the bot's own waits follow it
    pace: %s
    roles:
      operator:
        - {ask: destructive}
        - {environments: [dev, staging], approve: destructive}
      production-approver:
        - {environments: [production], approve: destructive}
      developer:
        - {environments: [dev, staging], ask: change}
        - {ask: read}
      viewer:
        - {ask: read}
    people:
      alice: {roles: [operator], slack: U0000ALICE}
      bob: {roles: [operator], slack: U0000BOB}
      carol: {roles: [operator, production-approver], slack: U0000CAROL}
      dave: {roles: [developer, production-approver], slack: U0000DAVE}
      eve: {roles: [viewer], slack: U0000EVE}
    """
        .formatted(Math.max(1, config.speed()));
  }

  private String clusterConfig() {
    StringBuilder nodes = new StringBuilder();
    for (NodeSpec node : config.nodes()) {
      nodes.append("    - {name: %s, host: %s".formatted(node.name(), config.address(node.host())));
      int port = lab.endpoint(node.name()).getPort();
      nodes.append(port == 8006 ? "}\n" : ", port: " + port + "}\n");
    }
    return """
    # Written by the lab.
    cluster:
      name: %s
      nodes:
    %stls:
      ca: lab-ca.pem
    defaults:
      storage: local-lvm
      network_bridge: vmbr0
      bios: ovmf
      machine: q35
      cpu: host
      scsi_controller: virtio-scsi-single
      efidisk_pre_enrolled_keys: false
      guest_agent: true
    vmid_ranges:
      templates: "100-999"
      vms: "1000-9999"
    credentials:
      api_token: file:../secrets/pve-token
      ssh_user: root
      ssh_port: %d
    tags:
      templates: [template]
      talos: [talos, kubernetes]
      cloudinit: [cloudinit]
    network:
      gateway: %s
      prefix_length: 24
      resolvers: [%s]
    cloudinit:
      default_user: ada
      ssh_keys_source: ~/.ssh/authorized_keys
      vendor_snippet_path: /var/lib/vz/snippets/
    talos:
      default_extensions: [siderolabs/qemu-guest-agent]
      factory_base_url: %s
      default_kubernetes_version: 1.35.0
    limits:
      clones: %d
      migrations: %d
      destroys: 10
    """
        .formatted(
            config.clusterName(),
            nodes,
            config.sshPort(),
            config.address(1),
            config.address(1),
            lab.factoryEndpoint(),
            config.slots().clonesPerStorage(),
            config.slots().migrationsPerNode());
  }

  private String talos(
      String name, String environment, String alias, int vip, String pods, String services) {
    return """
    # Written by the lab.
    name: %s
    type: talos
    environment: %s
    aliases: [%s, %s]
    talos:
      version: "1.12.4"
      kubernetes_version: "1.35.0"
      config_dir: talos/%s
      secrets_file: secrets.yaml
      patches_dir: patches/
      factory:
        schematic_id: ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515
        extensions: [siderolabs/qemu-guest-agent]
      vip:
        interface: eth0
        ip: %s
    network:
      api_endpoint: %s
      pod_cidr: %s
      service_cidr: %s
    nodes:
    """
        .formatted(
            name,
            environment,
            environment,
            alias,
            environment,
            config.address(vip),
            config.address(vip),
            pods,
            services);
  }

  private String nodes(
      String role,
      String prefix,
      int count,
      int cores,
      int memory,
      String disk,
      int vmid,
      int host) {
    StringBuilder text =
        new StringBuilder(
            """
              %s:
                count: %d
                name_prefix: %s
                cores: %d
                memory: %d
                disk: %s
                start_vmid: %d
                placement: spread
            """
                .formatted(role, count, prefix, cores, memory, disk, vmid));
    List<NodeSpec> hosts = config.nodes();
    if (count > 0) {
      text.append("    assignments:\n");
    }
    for (int i = 0; i < count; i++) {
      text.append(
          "      - {name: %s%02d, node: %s, vmid: %d, ip: %s, mac: \"02:54:00:00:%02X:%02X\"}\n"
              .formatted(
                  prefix,
                  i + 1,
                  hosts.get(i % hosts.size()).name(),
                  vmid + i,
                  config.address(host + i),
                  vmid / 1000,
                  host + i));
    }
    return text.toString();
  }

  private static String tail(String environment) {
    return """
    template: 101
    tags: [talos, kubernetes, %s]
    flux:
      repo: ssh://git@git.example.net/ops/fleet.git
      path: clusters/%s
      branch: main
    """
        .formatted(environment, environment);
  }

  private String web() {
    return """
    # Written by the lab.
    name: lab-web
    type: generic
    environment: dev
    aliases: [web]
    nodes:
      machines:
        count: 2
        name_prefix: lab-web-
        cores: 2
        memory: 2048
        disk: 20G
        start_vmid: auto
        placement: spread
    template: 102
    tags: [cloudinit, lab-web]
    ssh_port: %d
    """
        .formatted(config.sshPort());
  }
}
