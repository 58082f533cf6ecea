package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Card.Block;
import dev.pvebot.commands.chat.Card.EffectLine;
import dev.pvebot.commands.chat.Card.Field;
import dev.pvebot.commands.chat.Card.StepLine;
import dev.pvebot.commands.chat.Card.Tone;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Cards as the bot shows them, for two sites.
final class SampleCards {
  private SampleCards() {}

  static Map<String, Card> all() {
    var all = new LinkedHashMap<String, Card>();
    all.put("status", status());
    all.put("plan", plan());
    all.put("progress", progress("2:48", "3 of 3", "ok", "..", "0:23"));
    all.put("result", result());
    all.put("danger", danger());
    all.put("question", question());
    all.put("failure", failure());
    all.put("table", table());
    all.put("wide", wide());
    all.put("hostile", hostile());
    return all;
  }

  static Card status() {
    return card(
        "answer",
        Tone.WARNING,
        "talos-staging  DEGRADED  (seen 3 s ago)",
        List.of(
            new Card.Fields(
                List.of(
                    new Field("VMs", "3 of 3 running   pve01 ts01 · pve02 ts02 · pve03 ts03"),
                    new Field(
                        "Talos",
                        "1.12.0 on all   ts03: kubelet restarted 4 times in 10 min",
                        Optional.of("<- look here first")),
                    new Field("etcd", "3 members, leader ts01, 41 MiB, no alarms"),
                    new Field("Kubernetes", "1.34.1, nodes 2 of 3 ready, VIP 10.0.0.50 on ts01"),
                    new Field("Flux", "12 of 12 reconciled at main@4f1c2ab"),
                    new Field("Certificates", "admin 61 d · Kubernetes 204 d")))),
        Button.plain("Logs of kubelet on ts03", "talos logs ts03 kubelet"),
        Button.plain("Show ts03", "vm show 1053"),
        Button.plain("Watch", "watch talos-staging"));
  }

  static Card plan() {
    return new Card(
        "plan",
        Tone.NEUTRAL,
        "Plan 42 · create talos-staging · change · about 6 min",
        List.of(
            new Card.Effects(
                List.of(
                    new EffectLine(
                        '+',
                        "VM 1051 ts01 on pve01   4 cores  8 GiB  100 GiB   clone of 101 (full)"),
                    new EffectLine(
                        '+',
                        "VM 1052 ts02 on pve02   clone on pve01, then moved: local-lvm is not"
                            + " shared"),
                    new EffectLine('+', "VM 1053 ts03 on pve03   likewise"),
                    new EffectLine(
                        '~',
                        "Talos config on 3 machines, etcd bootstrapped on ts01 (once), VIP"
                            + " 10.0.0.50"),
                    new EffectLine('=', "kept: template 101"))),
            new Card.Text(
                "Memory after: pve01 61 %, pve02 58 %, pve03 83 % (!)   Lock:"
                    + " cluster/talos-staging"),
            new Card.Text("Expires 16:45, digest 7c1e90")),
        List.of(
            Button.primary("Confirm", "approve 42 7c1e90"),
            Button.plain("Steps", "op show 42 --steps"),
            Button.plain("Cancel", "cancel 42")),
        facts());
  }

  private static Map<String, Object> facts() {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("plan", 42);
    facts.put("digest", "7c1e90");
    facts.put("estimate_seconds", 360L);
    facts.put("memory_after", Map.of("pve03", 0.83));
    facts.put("locks", List.of("cluster/talos-staging"));
    facts.put("stale", false);
    facts.put("at", Instant.EPOCH);
    return facts;
  }

  static Card progress(
      String elapsed, String machines, String second, String third, String thirdTime) {
    return card(
        "progress",
        Tone.NEUTRAL,
        "Operation 42 · create talos-staging · running 3:12 of about 6:00",
        List.of(
            new Card.Steps(
                List.of(
                    new StepLine("ok", "1 Check the template", "0:01", ""),
                    new StepLine(second, "2 Provision the machines", elapsed, machines),
                    new StepLine(
                        third,
                        "3 Bootstrap Talos",
                        thirdTime,
                        third.isEmpty() ? "" : "ts01 applied, ts02 installing 64 %, ts03 booting"),
                    new StepLine("", "4 Bootstrap Flux", "", ""))),
            new Card.Text("Started by alice   ETA 16:34")),
        Button.plain("Pause after this step", "pause 42"),
        new Button("Cancel", "cancel 42", Button.Style.DANGER, Optional.empty()));
  }

  static Card result() {
    return card(
        "result",
        Tone.GOOD,
        "Operation 42 · create talos-staging · done in 5:57",
        List.of(new Card.Text("3 VMs, 3 nodes ready, Flux ready")),
        Button.plain("Status", "status talos-staging"),
        Button.plain("Show record", "op show 42"));
  }

  static Card danger() {
    return card(
        "plan",
        Tone.BAD,
        "Plan 57 · tear down talos-production · DESTRUCTIVE · cannot be undone",
        List.of(
            new Card.Effects(
                List.of(
                    new EffectLine(
                        '-',
                        "VM 2001 tp01 pve01 · 2002 tp02 pve02 · 2003 tp03 pve03    (control"
                            + " plane)"),
                    new EffectLine('-', "6 disks, 1.4 TiB on local-lvm; 2 snapshots go with them"),
                    new EffectLine(
                        '=',
                        "kept: 7 backups on pbs (newest 02:10 today), Flux repository, secrets in"
                            + " pass"))),
            new Card.Text(
                "Tagged `production` but not in the profile, will NOT be touched: VM 2044 grafana"),
            new Card.Text(
                "Needs: the typed name from you, then one of carol, dave (role"
                    + " production-approver)")),
        new Button(
            "Type the name…",
            "approve 57 b81f22 --name",
            Button.Style.DANGER,
            Optional.of("Name of the cluster to tear down")),
        Button.plain("Cancel", "cancel 57"));
  }

  static Card question() {
    return card(
        "question",
        Tone.NEUTRAL,
        "Which VM?",
        List.of(new Card.Text("Stopped VMs come first; nothing is chosen for you.")),
        Button.plain("1040 test-vm", "vm delete 1040"),
        Button.plain("1033 ci-old", "vm delete 1033"),
        Button.plain("More…", "vm delete --more"));
  }

  static Card failure() {
    return card(
        "failure",
        Tone.BAD,
        "Operation 61 · evacuate pve02 · FAILED at step 3 after 12:40",
        List.of(
            new Card.Steps(
                List.of(
                    new StepLine("ok", "1 Check the room on the other nodes", "0:02", ""),
                    new StepLine(
                        "!",
                        "2 Move the VMs that can move",
                        "12:31",
                        "5 of 7 moved, 1 with warnings"),
                    new StepLine(
                        "x",
                        "3 migrate 1033 to pve03",
                        "0:02",
                        "storage 'local-zfs' is not available on node 'pve03'"),
                    new StepLine("-", "4 Start what was stopped", "", "skipped"),
                    new StepLine("?", "5 Shut the node down", "", "waits for dave"))),
            new Card.Literal(
                "UPID:pve02:0001A2B3:01C2D3E4:66A1B2C3:qmigrate:1033:root@pam!pvebot:\n"
                    + "ERROR: migration aborted (duration 00:00:02): storage 'local-zfs' is not"
                    + " available on node 'pve03'\n"
                    + "TASK ERROR:\tmigration aborted\n"),
            new Card.Text(
                "Why: the disk of 1033 lives on a storage that only pve02 and pve01 have."),
            new Card.Text(
                "Now: pve02 still runs 1033 and 1044 (both untouched). pve01 has the storage and 9"
                    + " GiB free; 1033 needs 8.")),
        Button.primary("Retry on pve01", "retry 61 --node pve01"),
        Button.plain("Leave it there", "op cancel 61"),
        Button.plain("Move the five back", "node return pve02"));
  }

  static Card table() {
    return card(
        "answer",
        Tone.NEUTRAL,
        "4 VMs on 2 nodes",
        List.of(
            new Card.Table(
                List.of("VMID", "name", "node", "state", "memory", "tags"),
                List.of(
                    List.of("1031", "web-a", "hive-1", "running", "4 GiB", "web"),
                    List.of("1032", "web-b", "hive-2", "running", "16 GiB", "web"),
                    List.of("1033", "ci-old", "hive-2", "stopped", "512 MiB", ""),
                    List.of(
                        "10400", "test-vm", "hive-1", "running", "2 GiB", "scratch, protected"))),
            new Card.Table(List.of("since", "lock"), List.of())));
  }

  static Card wide() {
    return card(
        "answer",
        Tone.NEUTRAL,
        "データベース・クラスター · 稼働中 · 3 分前に確認済み · すべてのノードが応答しています",
        List.of(
            new Card.Table(
                List.of("name", "node", "note"),
                List.of(
                    List.of("東京-web-01", "hive-1", "稼働中"),
                    List.of("osaka-db", "hive-2", "🔥 load 14"),
                    List.of("cafe\u0301", "hive-3", "ok ✅"))),
            new Card.Text("長い文章は空白がなくても、画面の幅で折り返されなければならない。そうでなければ読めない。")),
        Button.plain("はい", "yes"),
        Button.plain("いいえ", "no"));
  }

  static Card hostile() {
    return card(
        "answer",
        Tone.NEUTRAL,
        "VM \u001b[2J\u001b]0;owned\u0007\u202egnp.exe\u202c \u009b31mred\r\nsecond line",
        List.of(
            new Card.Fields(
                List.of(
                    new Field("na\tme", "web\u200d\u200b\u2066x\u2069 \u0000\u007f"),
                    new Field(
                        "z", "Z\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301algo \ud800 lone"))),
            new Card.Table(
                List.of("name", "state"),
                List.of(List.of("n".repeat(200), "running"), List.of("\u001b[31mred", "stopped"))),
            new Card.Literal("\u001b[0;32mOK\u001b[0m\tdone\u001b[H\rover\u2028under")),
        Button.plain("x".repeat(120) + "\u001b[1m", "echo \u001b[5m"));
  }

  private static Card card(
      String kind, Tone tone, String title, List<Block> body, Button... buttons) {
    return new Card(kind, tone, title, body, List.of(buttons), Map.of());
  }
}
