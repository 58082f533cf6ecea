package dev.pvebot.integrations.lab.pve;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The guests, storages and rights that a lab begins with.
final class Population {
  static final String OPERATOR = "pvebot@pve";

  private final Datacenter datacenter;
  private final List<String> nodes;
  private final String subnet;

  private Population(Datacenter datacenter) {
    this.datacenter = datacenter;
    this.nodes = List.copyOf(datacenter.nodes.keySet());
    this.subnet = datacenter.config().subnet();
  }

  static void of(Datacenter datacenter) {
    new Population(datacenter).fill();
  }

  private void fill() {
    storage("local", "dir", List.of("iso", "vztmpl", "backup", "snippets", "import"), false, 100);
    storage("local-lvm", "lvmthin", List.of("images", "rootdir"), false, 800);
    storage("nfs", "nfs", List.of("images", "iso", "backup"), true, 4000);
    storage("pbs", "pbs", List.of("backup"), true, 8000);
    datacenter.pools.put("lab", new java.util.TreeSet<>());
    users();
    templates();
    if (datacenter.config().populated()) {
      guests();
    }
  }

  static void addRunning(
      Datacenter datacenter, String node, int first, int count, int memoryMiB, int diskGiB) {
    Population population = new Population(datacenter);
    datacenter.node(node);
    for (int vmid = first; vmid < first + count; vmid++) {
      if (datacenter.guests.containsKey(vmid)) {
        throw new IllegalArgumentException("The lab has a guest %d already.".formatted(vmid));
      }
    }
    for (int vmid = first; vmid < first + count; vmid++) {
      Guest guest = population.vm(vmid, node, "load%d".formatted(vmid), 1, memoryMiB, "load");
      population.disk(guest, "scsi0", "local-lvm", diskGiB, Volume.Content.EMPTY);
      datacenter.alreadyUp(guest);
    }
  }

  private void storage(String name, String type, List<String> content, boolean shared, long gib) {
    datacenter.storages.put(name, new Storage(name, type, content, shared, gib));
  }

  private void users() {
    Access access = datacenter.access;
    access.addUser(Access.ROOT).password = UUID.randomUUID().toString();
    access.addUser(OPERATOR);
    access.grant("/", "user", OPERATOR, "Administrator", true);
    access.addToken(OPERATOR, "operator", false, 0);
    access.addToken(OPERATOR, "readonly", true, 0);
    access.grant("/", "token", OPERATOR + "!readonly", "PVEAuditor", true);
    access.addToken(OPERATOR, "powerless", true, 0);
    access.addToken(OPERATOR, "expired", false, datacenter.now() - 3600);
  }

  private String node(int index) {
    return nodes.get(index % nodes.size());
  }

  private Guest vm(int vmid, String node, String name, int cores, int memoryMiB, String tags) {
    Guest guest = new Guest(vmid, false, node);
    guest.config.putAll(
        Map.of(
            "name", name,
            "cores", String.valueOf(cores),
            "memory", String.valueOf(memoryMiB),
            "bios", "ovmf",
            "machine", "q35",
            "cpu", "host",
            "scsihw", "virtio-scsi-single",
            "ostype", "l26",
            "agent", "1",
            "boot", "order=scsi0"));
    guest.config.put("net0", "virtio=" + datacenter.newMac() + ",bridge=vmbr0");
    guest.config.put("meta", "creation-qemu=10.1.2,ctime=" + (datacenter.now() - 86_400L * 30));
    guest.config.put("smbios1", "uuid=" + UUID.randomUUID());
    guest.config.put("vmgenid", UUID.randomUUID().toString());
    guest.config.put("tags", ConfigKeys.tags(tags));
    datacenter.guests.put(vmid, guest);
    return guest;
  }

  private Volume disk(Guest guest, String key, String storage, double gib, Volume.Content boots) {
    Volume volume =
        datacenter.allocate(
            guest.node,
            datacenter.storage(storage),
            guest.vmid,
            (long) (gib * (1L << 30)),
            boots,
            "");
    guest.config.put(
        key, Drives.withSize(volume.volid + ",discard=on,iothread=1,ssd=1", volume.bytes));
    return volume;
  }

  private void efi(Guest guest, String storage) {
    Volume volume =
        datacenter.allocate(
            guest.node,
            datacenter.storage(storage),
            guest.vmid,
            4L << 20,
            Volume.Content.EMPTY,
            "");
    guest.config.put("efidisk0", volume.volid + ",efitype=4m,pre-enrolled-keys=0,size=4M");
  }

  private void cloudInit(Guest guest, String storage) {
    Volume volume =
        datacenter.allocate(
            guest.node,
            datacenter.storage(storage),
            guest.vmid,
            4L << 20,
            Volume.Content.EMPTY,
            "vm-" + guest.vmid + "-cloudinit");
    guest.config.put("scsi1", volume.volid + ",media=cdrom");
  }

  private void templates() {
    Guest talos = vm(101, node(0), "talos-template", 2, 2048, "template;talos");
    disk(talos, "scsi0", "local-lvm", 10, Volume.Content.talos(datacenter.config().talosImage()));
    efi(talos, "local-lvm");
    asTemplate(talos);
    Guest ubuntu = vm(102, node(0), "ubuntu-2404-template", 2, 2048, "template;cloudinit");
    disk(ubuntu, "scsi0", "local-lvm", 4, Volume.Content.CLOUD_IMAGE);
    efi(ubuntu, "local-lvm");
    cloudInit(ubuntu, "local-lvm");
    ubuntu.config.put("ciuser", "ada");
    ubuntu.config.put("ipconfig0", "ip=dhcp");
    asTemplate(ubuntu);
  }

  private void asTemplate(Guest guest) {
    QemuCreateApi.convert(datacenter, guest);
  }

  private void guests() {
    Guest web = sample(1031, node(0), "web01", "web", "local-lvm", 131);
    Guest managed = sample(1032, node(1), "web02", "web", "nfs", 132);
    datacenter.ha.put(managed.vmid, new Datacenter.HaResource());
    Guest build = sample(1033, node(2), "build01", "ci", "local-lvm", 133);
    Guest database = sample(1040, node(1), "db01", "db;protected", "nfs", 140);
    for (Guest guest : List.of(web, managed, database)) {
      datacenter.alreadyUp(guest);
    }
    build.config.put("description", "nightly builds");
    snapshot(web, "before-upgrade", "before the move to 24.04", 5);
    snapshot(database, "weekly", "", 2);
    backup(web, 3);
    backup(database, 2);
    backup(database, 1);
    Guest proxy = container(1091, node(2), "proxy01");
    datacenter.alreadyUp(proxy);
    container(1092, node(0), "dns01");
    file(node(0), "iso", "ubuntu-24.04.3-live-server-amd64.iso", 3L << 30);
  }

  private Guest sample(int vmid, String node, String name, String tags, String storage, int host) {
    Guest guest = vm(vmid, node, name, 2, 4096, tags);
    disk(guest, "scsi0", storage, 20, Volume.Content.CLOUD_IMAGE);
    efi(guest, storage);
    cloudInit(guest, storage);
    guest.config.put("ciuser", "ada");
    guest.config.put("ipconfig0", "ip=%s.%d/24,gw=%s.1".formatted(subnet, host, subnet));
    guest.config.put("onboot", "1");
    return guest;
  }

  private void snapshot(Guest guest, String name, String description, int daysAgo) {
    guest.snapshots.put(
        name,
        new Snapshot(
            name, description, datacenter.now() - 86_400L * daysAgo, "", false, guest.config));
    guest.config.put("parent", name);
  }

  private void backup(Guest guest, int daysAgo) {
    long time = datacenter.now() - 86_400L * daysAgo;
    BackupApi.store(datacenter, guest, datacenter.storage("pbs"), time, guest.name());
  }

  private Guest container(int vmid, String node, String name) {
    Guest guest = new Guest(vmid, true, node);
    guest.config.putAll(
        Map.of(
            "hostname",
            name,
            "cores",
            "1",
            "memory",
            "1024",
            "ostype",
            "debian",
            "arch",
            "amd64",
            "swap",
            "512"));
    guest.config.put(
        "net0", "name=eth0,bridge=vmbr0,hwaddr=" + datacenter.newMac() + ",ip=dhcp,type=veth");
    Volume volume =
        datacenter.allocate(
            node, datacenter.storage("local-lvm"), vmid, 8L << 30, Volume.Content.EMPTY, "");
    guest.config.put("rootfs", volume.volid + ",size=8G");
    datacenter.guests.put(vmid, guest);
    return guest;
  }

  private void file(String node, String kind, String name, long bytes) {
    String volid = "local:" + kind + "/" + name;
    datacenter
        .storage("local")
        .on(node)
        .put(
            volid,
            new Volume(
                volid, kind, kind, bytes, 0, Volume.Content.EMPTY, datacenter.now() - 86_400L * 9));
  }
}
