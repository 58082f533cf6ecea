package dev.pvebot.bot.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteReader;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.integrations.git.GitFolder;
import dev.pvebot.integrations.store.Store;
import dev.pvebot.integrations.store.StoreConfig;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.PlanJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the actions on profiles promise, and what a successor finds of one whose process died: each
/// is observed before, after the change without its journal row, and when somebody else was there.
class ProfileActionsTest {
  private static final Instant NOW = Instant.parse("2026-03-02T14:01:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @TempDir Path folder;

  private Path site;
  private Store store;
  private long operation;

  private static String profile(String name, int vmid, String environment) {
    return """
    name: %s
    type: generic
    environment: %s
    nodes:
      machines: {count: 1, name_prefix: %s-, cores: 1, memory: 512, disk: 8G, start_vmid: %d}
    template: 9001
    tags: [%s]
    """
        .formatted(name, environment, name, vmid, name);
  }

  @BeforeEach
  void aSiteAndAnOperation() throws IOException {
    site = Files.createDirectory(folder.resolve("site"));
    Files.writeString(
        site.resolve("cluster-config.yaml"),
        """
        cluster: {name: lab.example.org, nodes: [{name: alpha, host: 192.168.7.2}]}
        defaults: {storage: tank, network_bridge: vmbr7}
        vmid_ranges: {templates: "9000-9099", vms: "300-399"}
        credentials: {pass_path: lab/token}
        """);
    Files.writeString(site.resolve("web.yaml"), profile("web", 301, "production"));
    store = Store.open(StoreConfig.sqlite(folder.resolve("journal.db")), Store.Role.OWNER, CLOCK);
    operation = created();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private long created() {
    Plan plan =
        PlanJson.seal(
            new Plan(
                "profile-edit",
                "",
                "profile.edit",
                "edit profile web",
                Map.of(),
                Risk.CHANGE,
                dev.pvebot.clusters.Environment.DEV,
                Optional.empty(),
                Optional.of("web"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Duration.ZERO,
                ""));
    Journal.Creation creation =
        store
            .journal()
            .create(
                new Journal.Draft(
                    plan,
                    new Person("alice"),
                    "profile edit web cores=2",
                    new Conversation("console", "infra", Optional.empty())),
                NOW);
    return ((Journal.Creation.Created) creation).operation().id();
  }

  /// A bot that has just been started: it knows what the files say.
  @SuppressWarnings("unchecked")
  private <I extends Record, O extends Record> Action<I, O> action(String name) {
    SiteReader.Result.Loaded read = (SiteReader.Result.Loaded) new SiteReader(folder).read(site);
    Site now = read.sites().getFirst();
    return (Action<I, O>)
        ProfileActions.of(
                new ProfileActions.Place(
                    new LiveSite(site, folder, now),
                    new GitFolder(site),
                    store.journal(),
                    _ -> Set.of()))
            .stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
  }

  private static ProfileWrite.Inputs said(String profile, String set) {
    return new ProfileWrite.Inputs(profile, Optional.of(set), Optional.empty(), Optional.empty());
  }

  private Preview<ProfileWrite.Inputs> preview(String action, ProfileWrite.Inputs inputs)
      throws InterruptedException {
    return this.<ProfileWrite.Inputs, ProfileWrite.Output>action(action).preview(inputs, new Lab());
  }

  private final class Lab implements Planning {
    @Override
    public Fleet fleet() {
      return new Fleet(
          NOW,
          true,
          true,
          "9.1",
          List.of(),
          List.of(
              new Fleet.Guest(
                  new Vmid(301),
                  Fleet.Kind.VM,
                  "web-01",
                  new NodeName("alpha"),
                  Fleet.Power.RUNNING,
                  false,
                  Set.of("web"),
                  1,
                  1,
                  1,
                  1,
                  1,
                  Optional.empty(),
                  Optional.empty())),
          List.of());
    }

    @Override
    public Optional<GuestDetail> detail(Vmid vmid) {
      return Optional.empty();
    }
  }

  private final class Call implements RunContext {
    @Override
    public long operation() {
      return operation;
    }

    @Override
    public String step() {
      return "step";
    }

    @Override
    public InstantSource clock() {
      return CLOCK;
    }

    @Override
    public void beforeCall() {
      assertThat(operation).isPositive();
    }

    @Override
    public void progress(String note) {
      assertThat(note).isNotEmpty();
    }
  }

  private Intent intent() {
    return new Intent(operation, "step", NOW, Map.of(), Optional.empty());
  }

  private <I extends Record, O extends Record> void run(String name, I inputs)
      throws InterruptedException {
    this.<I, O>action(name).run(inputs, intent(), new Call());
  }

  private <I extends Record, O extends Record> Observation<O> observed(String name, I inputs)
      throws InterruptedException {
    return this.<I, O>action(name).observe(inputs, intent());
  }

  @Test
  void written_whoeverComesAfter_findsItDone_andWhatSomebodyElseWrote_isForeign()
      throws InterruptedException, IOException {
    ProfileWrite.Inputs planned = preview("profile.edit", said("web", "cores=2")).pinned();
    assertThat(observed("profile.edit", planned)).isInstanceOf(Observation.NotDone.class);

    run("profile.edit", planned);

    assertThat(observed("profile.edit", planned)).isInstanceOf(Observation.Done.class);
    Files.writeString(site.resolve("web.yaml"), profile("web", 305, "production"));
    assertThat(observed("profile.edit", planned)).isInstanceOf(Observation.Foreign.class);
  }

  @Test
  void created_theSame_andAFileThatIsThereAlready_isRefused()
      throws InterruptedException, IOException {
    ProfileWrite.Inputs planned =
        preview(
                "profile.create",
                said(
                    "db",
                    "type=generic environment=dev template=9001 machines=1 cores=1 memory=512"
                        + " disk=8G"))
            .pinned();
    assertThat(observed("profile.create", planned)).isInstanceOf(Observation.NotDone.class);
    run("profile.create", planned);
    assertThat(observed("profile.create", planned)).isInstanceOf(Observation.Done.class);

    assertThatThrownBy(() -> preview("profile.create", said("db", "type=generic")))
        .isInstanceOfSatisfying(
            ActionFailure.class,
            failure -> assertThat(failure.what()).isEqualTo("db.yaml is there already"));
    Files.writeString(site.resolve("db.yaml"), profile("db", 311, "dev"));
    assertThat(observed("profile.create", planned)).isInstanceOf(Observation.Foreign.class);
  }

  @Test
  void theEnvironmentOfAGuardedCluster_isChangedOnlyByTheActionThatIsForIt()
      throws InterruptedException {
    assertThatThrownBy(() -> preview("profile.edit", said("web", "environment=dev")))
        .isInstanceOfSatisfying(
            ActionFailure.class,
            failure -> assertThat(failure.now().orElseThrow()).contains("profile.regrade"));

    assertThat(preview("profile.regrade", said("web", "environment=dev")).effects()).isNotEmpty();
    assertThat(action("profile.regrade").traits().risk()).isEqualTo(Risk.DISRUPTIVE);
  }

  @Test
  void aVmThatLeavesTheCluster_isNamedInThePlan() throws InterruptedException {
    assertThat(preview("profile.edit", said("web", "start_vmid=350")).effects())
        .extracting(Effect::text)
        .anyMatch(text -> text.equals("VM 301 web-01 is no machine of web any more, and goes on"));
  }

  @Test
  void aFolderThatCannotBeWrittenTo_saysWhatToDo() throws InterruptedException, IOException {
    ProfileWrite.Inputs planned = preview("profile.edit", said("web", "cores=2")).pinned();
    // a folder in the place of the new text: root may write anywhere, but not over that
    Files.createDirectories(site.resolve(".web.yaml.new/x"));

    assertThatThrownBy(() -> run("profile.edit", planned))
        .isInstanceOfSatisfying(
            ActionFailure.class,
            failure -> {
              assertThat(failure.kind()).isEqualTo(ActionFailure.Kind.REFUSED);
              assertThat(failure.now().orElseThrow()).contains("pvebot's user");
            });
    assertThat(site.resolve("web.yaml")).hasContent(profile("web", 301, "production"));
  }

  @Test
  void committed_onlyWhatTheFileSaysNow_isDone()
      throws InterruptedException, IOException, GitAPIException {
    ProfileCommit.Inputs commit = new ProfileCommit.Inputs("web", "Edit profile web: cores=2");
    assertThat(observed("profile.commit", commit)).isInstanceOf(Observation.Done.class);
    try (Git git = Git.init().setDirectory(site.toFile()).call()) {
      git.add().addFilepattern(".").call();
      git.commit().setMessage("site").setAuthor("eve", "eve@example.org").setSign(false).call();
      assertThat(observed("profile.commit", commit)).isInstanceOf(Observation.Done.class);

      run("profile.edit", preview("profile.edit", said("web", "cores=2")).pinned());
      assertThat(observed("profile.commit", commit)).isInstanceOf(Observation.NotDone.class);
      run("profile.commit", commit);

      assertThat(observed("profile.commit", commit)).isInstanceOf(Observation.Done.class);
      assertThat(git.log().call().iterator().next().getAuthorIdent().getName()).isEqualTo("alice");
    }
  }

  @Test
  void loaded_aProcessThatStartsAfterwards_hasItInForce() throws InterruptedException {
    ProfileLoad.Inputs load = new ProfileLoad.Inputs("web");
    Action<ProfileLoad.Inputs, ProfileLoad.Output> before = action("profile.load");
    run("profile.edit", preview("profile.edit", said("web", "cores=2")).pinned());

    assertThat(before.observe(load, intent())).isInstanceOf(Observation.NotDone.class);
    assertThat(observed("profile.load", load)).isInstanceOf(Observation.Done.class);
    before.run(load, intent(), new Call());
    assertThat(before.observe(load, intent())).isInstanceOf(Observation.Done.class);
  }
}
