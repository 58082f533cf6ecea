package dev.pvebot.bot.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.router.ConsentWord.Verb;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentWordTest {
  @ParameterizedTest
  @CsvSource({
    "approve 42, APPROVE, 42",
    "Confirm #42, APPROVE, 42",
    "/pve op approve 42, APPROVE, 42",
    "deny plan 7, DENY, 7",
    "stop 7, STOP, 7",
    "stop operation 1031, STOP, 1031",
    "stop op 1031, STOP, 1031",
    "rollback 61, ROLLBACK, 61",
    "leave 61, LEAVE, 61",
    "resume 142, RESUME, 142",
    "steps 9, STEPS, 9"
  })
  void wordsAboutAnOperation(String text, Verb verb, long operation) {
    ConsentWord word = ConsentWord.read(text).orElseThrow();

    assertThat(word.verb()).isEqualTo(verb);
    assertThat(word.operation()).isEqualTo(operation);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stop 1031",
        "/pve stop 1031",
        "approve",
        "approve it",
        "should we approve 42?",
        "roll back 42",
        "approve 4200000000"
      })
  void otherText_isLeftToTheLanguage(String text) {
    assertThat(ConsentWord.read(text)).isEmpty();
  }

  @Test
  void approve_takesTheDigestOfTheButtonApart_andTheNameLiterally() {
    assertThat(ConsentWord.read("approve 57 b81f22 talos-production").orElseThrow())
        .isEqualTo(
            new ConsentWord(
                Verb.APPROVE, 57, Optional.of("b81f22"), Optional.of("talos-production")));
    assertThat(ConsentWord.read("approve 57 talos-production").orElseThrow().digest()).isEmpty();
  }

  @Test
  void deny_keepsItsReasonWhole_alsoWhereItLooksLikeACommand() {
    assertThat(ConsentWord.read("deny 57 delete vm 1031 instead\nplease").orElseThrow().rest())
        .contains("delete vm 1031 instead\nplease");
  }
}
