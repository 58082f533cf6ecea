package dev.pvebot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.commands.Interpreter.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InterpreterTest {
  private final Interpreter interpreter = new Interpreter();

  private Command say(String text) {
    return interpreter.interpret(text, Sites.EXAMPLE);
  }

  @Test
  void answerToAQuestion_completesTheCommandThatWasAskedAbout() {
    assertThat(say("delete vm").reason()).contains("incomplete");

    Command completed =
        interpreter.interpret("1040", Sites.EXAMPLE, Context.answering("delete vm"));

    assertThat(completed)
        .isEqualTo(Command.of("vm.delete", Map.of("vm", List.of(1040)), Risk.DESTRUCTIVE));
  }

  @Test
  void answerThatIsACommandItself_isThatCommand() {
    Command command =
        interpreter.interpret("list vms", Sites.EXAMPLE, Context.answering("delete vm"));

    assertThat(command.intent()).isEqualTo("vm.list");
  }

  @Test
  void refusalAsAnswer_completesNothing() {
    for (String no : List.of("no", "never mind", "forget it", "no, don't", "not 1040")) {
      assertThat(interpreter.interpret(no, Sites.EXAMPLE, Context.answering("delete vm")).isNone())
          .as(no)
          .isTrue();
    }
  }

  @Test
  void questionForAMissingCluster_offersTheClustersAsCommands() {
    Command.Reply reply = say("tear down the cluster").reply().orElseThrow();

    assertThat(reply.suggestions())
        .contains("cluster teardown talos-staging", "cluster teardown talos-production");
  }

  @Test
  void suggestions_areCommandsThatParse() {
    for (String text :
        List.of("tear down stagign", "evacaute pve02", "delte 1040", "evacuate node")) {
      Command command = say(text);
      assertThat(command.isNone()).as(text).isTrue();
      List<String> offered = command.reply().orElseThrow().suggestions();
      assertThat(offered).as(text).isNotEmpty();
      assertThat(offered).allSatisfy(each -> assertThat(say(each).isNone()).as(each).isFalse());
    }
  }

  @Test
  void inTheThreadOfAnOperation_shortWordsMeanThatOperation() {
    Context thread = Context.inThreadOf(42);
    Map<String, String> said =
        Map.of(
            "cancel",
            "op.cancel",
            "approve",
            "op.approve",
            "retry",
            "op.retry",
            "why",
            "why",
            "pause",
            "op.pause",
            "resume",
            "op.resume",
            "deny",
            "op.deny",
            "watch",
            "watch");
    said.forEach((text, intent) -> {
      Command command = interpreter.interpret(text, Sites.EXAMPLE, thread);
      assertThat(command.intent()).as(text).isEqualTo(intent);
      assertThat(command.args()).as(text).containsEntry("op", 42);
    });
  }

  @Test
  void inTheThreadOfAnOperation_anotherNumberIsTakenAtItsWord() {
    Command command = interpreter.interpret("approve 43", Sites.EXAMPLE, Context.inThreadOf(42));

    assertThat(command.args()).containsEntry("op", 43);
  }

  @Test
  void takingProtectedOff_isDestructive() {
    assertThat(say("take protected off 1031").risk()).isEqualTo(Risk.DESTRUCTIVE);
    assertThat(say("take web off 1031").risk()).isEqualTo(Risk.CHANGE);
  }

  @Test
  void nameOfAMachine_standsForItsVmid() {
    Catalog catalog = Sites.EXAMPLE.withMachines(Map.of("ts01", 1051));

    assertThat(interpreter.interpret("reboot ts01", catalog).args())
        .containsEntry("vm", List.of(1051));
  }

  @Test
  void partOfAName_isAnAliasOnlyWhereItSinglesOut() {
    assertThat(say("status staging").args()).containsEntry("cluster", "talos-staging");
    Catalog two = Catalog.of(Map.of("east-web", Set.of(), "west-web", Set.of()), Set.of("n1"));

    assertThat(interpreter.interpret("tear down web", two).isNone()).isTrue();
    assertThat(interpreter.interpret("tear down east", two).args())
        .containsEntry("cluster", "east-web");
  }

  @Test
  void runbookOfTheLibrary_isANewCommand() {
    Catalog.Entry entry =
        new Catalog.Entry(
            "grafana.rotate",
            Risk.CHANGE,
            "Rotate the keys of Grafana",
            List.of(
                new Catalog.Param("cluster", Catalog.Type.PROFILE, true, Optional.empty()),
                new Catalog.Param("keep", Catalog.Type.BOOLEAN, false, Optional.empty())),
            List.of("(rotate|roll) [the] grafana keys (on|of) {cluster}"),
            List.of("rotate the grafana keys on staging"));
    Catalog catalog = Sites.EXAMPLE.withLibrary(List.of(entry));

    Command command = interpreter.interpret("please rotate the grafana keys of staging", catalog);

    assertThat(command)
        .isEqualTo(Command.of("grafana.rotate", Map.of("cluster", "talos-staging"), Risk.CHANGE));
    assertThat(interpreter.interpret("rotate the grafana keys", catalog).isNone()).isTrue();
  }

  @Test
  void libraryRisk_raisesTheBuiltInOneAndNeverLowersIt() {
    Catalog.Entry higher =
        new Catalog.Entry("vm.start", Risk.DISRUPTIVE, "", List.of(), List.of(), List.of());
    Catalog.Entry lower =
        new Catalog.Entry("vm.delete", Risk.READ, "", List.of(), List.of(), List.of());
    Catalog catalog = Sites.EXAMPLE.withLibrary(List.of(higher, lower));

    assertThat(interpreter.interpret("start 1031", catalog).risk()).isEqualTo(Risk.DISRUPTIVE);
    assertThat(interpreter.interpret("delete 1031", catalog).risk()).isEqualTo(Risk.DESTRUCTIVE);
    assertThat(
            interpreter
                .interpret("delete 1031", new Catalog(List.of(lower), Map.of(), Set.of()))
                .risk())
        .isEqualTo(Risk.DESTRUCTIVE);
  }

  @Test
  void plan_showsAndDoesNothing() {
    Command command = say("plan tear down staging");

    assertThat(command)
        .isEqualTo(Command.of("plan", Map.of("command", "tear down staging"), Risk.READ));
  }

  @Test
  void everyExample_parsesToItsIntent() {
    for (Catalog.Entry entry : BuiltIns.entries()) {
      for (String example : entry.examples()) {
        Command command =
            say(
                example.replace(
                    "UPID:pve01:0001A2B3:…",
                    "UPID:pve01:0001A2B3:00C0FFEE:65:qmclone:101:root@pam:"));
        assertThat(command.intent()).as(example).isEqualTo(entry.intent());
      }
    }
  }

  @Test
  void everyIntent_hasASummaryAndAnExample() {
    assertThat(BuiltIns.entries())
        .allSatisfy(entry -> {
          assertThat(entry.summary()).as(entry.intent()).isNotBlank();
          assertThat(entry.examples()).as(entry.intent()).isNotEmpty();
        });
  }
}
