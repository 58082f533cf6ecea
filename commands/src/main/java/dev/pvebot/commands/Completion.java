package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What may come next while somebody types the slash form.
public final class Completion {
  /// Names that only the live fleet knows.
  ///
  /// @param vms VMID -> name
  /// @param templates VMID -> name
  /// @param operations ids of operations that are open
  public record Live(
      Map<Integer, String> vms,
      Map<Integer, String> templates,
      Set<String> tags,
      Set<String> storages,
      Set<String> snapshots,
      Set<String> runbooks,
      List<Long> operations) {
    public static final Live NONE =
        new Live(Map.of(), Map.of(), Set.of(), Set.of(), Set.of(), Set.of(), List.of());

    public Live {
      vms = Map.copyOf(vms);
      templates = Map.copyOf(templates);
      tags = Set.copyOf(tags);
      storages = Set.copyOf(storages);
      snapshots = Set.copyOf(snapshots);
      runbooks = Set.copyOf(runbooks);
      operations = List.copyOf(operations);
    }
  }

  /// One way to go on.
  ///
  /// @param text the word that replaces the one being typed
  /// @param note what it is, for example the name of a VM
  public record Candidate(String text, String note) {}

  private final Grammar grammar;
  private final Live live;

  private Completion(Grammar grammar, Live live) {
    this.grammar = grammar;
    this.live = live;
  }

  /// Candidates for the last word of a text, or for the next word when it ends with a blank;
  /// sorted, without doubles.
  public static List<Candidate> complete(String prefix, Catalog catalog, Live live) {
    Completion completion = new Completion(new Grammar(catalog), live);
    String text = prefix.startsWith("/pve ") ? prefix.substring(5) : prefix;
    int cut = text.lastIndexOf(' ') + 1;
    String typed = text.substring(cut).toLowerCase(Locale.ROOT);
    List<String> before = Resource.split(text.substring(0, cut).toLowerCase(Locale.ROOT), ' ');
    return completion
        .next(before)
        .filter(candidate -> candidate.text().toLowerCase(Locale.ROOT).startsWith(typed))
        .distinct()
        .sorted((a, b) -> a.text().compareTo(b.text()))
        .toList();
  }

  private Stream<Candidate> next(List<String> before) {
    String path = String.join(".", before);
    Set<Candidate> words = new LinkedHashSet<>();
    for (Frame frame : grammar.frames()) {
      String intent = frame.intent();
      boolean under = before.isEmpty() || intent.startsWith(path + ".");
      if (under) {
        String rest = before.isEmpty() ? intent : intent.substring(path.length() + 1);
        int dot = rest.indexOf('.');
        words.add(
            new Candidate(dot < 0 ? rest : rest.substring(0, dot), dot < 0 ? frame.summary() : ""));
      }
    }
    return Stream.concat(words.stream(), values(before));
  }

  /// Values for the parameters of the intent that the words before name, those that are not given
  /// yet.
  private Stream<Candidate> values(List<String> before) {
    for (int n = Math.min(3, before.size()); n > 0; n--) {
      Optional<Frame> frame = grammar.frame(String.join(".", before.subList(0, n)));
      if (frame.isPresent()) {
        Sentence sentence =
            Sentence.of(Utterance.read(String.join(" ", before)), Lexicon.ENGLISH, grammar.names());
        Reading reading = Reading.positional(frame.orElseThrow(), sentence, n, Optional.empty());
        return frame.orElseThrow().params().stream()
            .filter(p -> !reading.args().containsKey(p.name()) || p.kind() == Kind.VMS)
            .flatMap(this::candidates);
      }
    }
    return Stream.empty();
  }

  private Stream<Candidate> candidates(Frame.Param param) {
    return switch (param.kind()) {
      case PROFILE -> plain(grammar.names().clusters());
      case NODE -> plain(grammar.names().nodes());
      case VM, VMS -> numbered(live.vms());
      case TEMPLATE -> numbered(live.templates());
      case OPERATION -> plain(live.operations().stream().map(String::valueOf).toList());
      case TAG, SELECT -> keyed(param, live.tags());
      case STORAGE -> keyed(param, live.storages());
      case RUNBOOK -> plain(live.runbooks());
      case NAME ->
          param.before().contains("snapshot") ? plain(live.snapshots()) : keyed(param, List.of(""));
      case STATE -> plain(List.of("running", "stopped"));
      case SOURCE -> plain(List.of("talos", "cloud-image", "iso", "qcow2", "packer"));
      case ASPECT -> plain(List.of("network", "repos", "certs", "ntp"));
      case VERSION -> plain(List.of("latest"));
      case BOOLEAN -> keyed(param, List.of("true", "false"));
      case DISK -> keyed(param, List.of("scsi0", "scsi1", "virtio0"));
      case SETTINGS -> Stream.empty();
      case NEWVM,
          TAGLIST,
          TEXT,
          INTEGER,
          MEMORY,
          SIZE,
          CIDR,
          DURATION,
          UPID,
          URL,
          SERVICE,
          EXTENSIONS,
          SINCE,
          KEEP,
          DIGEST,
          REASON,
          PLAYBOOK ->
          keyed(param, List.of(""));
    };
  }

  private static Stream<Candidate> plain(Iterable<String> values) {
    List<Candidate> all = new ArrayList<>();
    values.forEach(value -> all.add(new Candidate(value, "")));
    return all.stream();
  }

  private static Stream<Candidate> numbered(Map<Integer, String> values) {
    return values.entrySet().stream()
        .map(e -> new Candidate(Integer.toString(e.getKey()), e.getValue()));
  }

  private static Stream<Candidate> keyed(Frame.Param param, Iterable<String> values) {
    List<Candidate> all = new ArrayList<>();
    values.forEach(value -> all.add(new Candidate(param.name() + "=" + value, "")));
    return all.stream();
  }
}
