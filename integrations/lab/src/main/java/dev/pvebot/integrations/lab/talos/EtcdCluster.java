package dev.pvebot.integrations.lab.talos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/// One etcd cluster: its members, who leads, and the keys that all of them hold. Guarded by the
/// world.
///
/// Two bootstraps make two of these, also where the configuration knows one cluster: that is what a
/// split is.
final class EtcdCluster {
  /// A member, and the machine that has its data directory.
  static final class Member {
    final long id;
    final TalosMachine machine;

    /// As it was told when it joined; a machine that is renamed or moved leaves them stale.
    final String name;

    final String address;
    boolean learner;
    boolean running;
    boolean outOfSpace;

    Member(long id, TalosMachine machine, boolean learner) {
      this.id = id;
      this.machine = machine;
      this.name = machine.hostname();
      this.address = machine.address().orElse("");
      this.learner = learner;
    }
  }

  final long id = ThreadLocalRandom.current().nextLong();
  final Map<Long, Member> members = new LinkedHashMap<>();
  final Map<String, String> keys = new TreeMap<>();
  private long leader;
  private long term = 1;
  private long revision = 1;

  Member add(TalosMachine machine, boolean learner) {
    Member member = new Member(ThreadLocalRandom.current().nextLong(), machine, learner);
    members.put(member.id, member);
    revision++;
    return member;
  }

  void remove(long member) {
    members.remove(member);
    revision++;
    elect();
  }

  Optional<Member> member(long memberId) {
    return Optional.ofNullable(members.get(memberId));
  }

  Optional<Member> memberOf(TalosMachine machine) {
    return members.values().stream().filter(m -> m.machine == machine).findFirst();
  }

  private long voters() {
    return members.values().stream().filter(m -> !m.learner).count();
  }

  private long runningVoters() {
    return members.values().stream().filter(m -> !m.learner && m.running).count();
  }

  /// Whether more than half of the voters run.
  boolean hasQuorum() {
    return voters() > 0 && runningVoters() * 2 > voters();
  }

  /// Whether a quorum would be left without this member.
  boolean survivesWithout(long member) {
    long others =
        members.values().stream().filter(m -> !m.learner && m.running && m.id != member).count();
    return others * 2 > voters();
  }

  /// Chooses a leader if the old one is gone.
  void elect() {
    Member now = members.get(leader);
    if (!hasQuorum()) {
      leader = 0;
    } else if (now == null || !now.running || now.learner) {
      members.values().stream()
          .filter(m -> m.running && !m.learner)
          .findFirst()
          .ifPresent(next -> {
            leader = next.id;
            term++;
          });
    }
  }

  /// Gives the lead to another running voter.
  Optional<Member> forfeit() {
    Optional<Member> next =
        members.values().stream()
            .filter(m -> m.running && !m.learner && m.id != leader)
            .findFirst();
    next.ifPresent(m -> {
      leader = m.id;
      term++;
    });
    return next;
  }

  long leader() {
    return leader;
  }

  long term() {
    return term;
  }

  long revision() {
    return revision;
  }

  List<Member> all() {
    return List.copyOf(members.values());
  }

  /// Replaces what the cluster holds, as the API server does when something was written.
  void hold(Map<String, String> now) {
    if (!keys.equals(now)) {
      keys.clear();
      keys.putAll(now);
      revision++;
    }
  }

  void restore(EtcdSnapshot snapshot) {
    keys.clear();
    keys.putAll(snapshot.keys());
    revision = snapshot.revision() + 1;
  }
}
