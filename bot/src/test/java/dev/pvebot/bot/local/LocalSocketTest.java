package dev.pvebot.bot.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSocketTest {
  private static final Call CALL =
      new Call("say", "status staging", Optional.of("alice"), "console", Optional.empty(), true);
  private static final Answer CARD =
      new Answer.Shown(
          new ChatPlatform.Posted(new Conversation("console", "ops", Optional.of("op-1")), "7"),
          new Card(
              "plan",
              Card.Tone.WARNING,
              "Plan 1",
              List.of(
                  new Card.Effects(List.of(new Card.EffectLine('+', "VM 1051"))),
                  new Card.Literal("the tail of a log")),
              List.of(Button.primary("Confirm", "approve 1 abcdef")),
              Map.of("operation", 1)),
          true);

  private final ObjectMapper json = WireJson.mapper();

  @TempDir Path folder;

  @Test
  void aCallAndItsAnswers_comeThroughWhole() throws IOException {
    List<Call> calls = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    Path path = folder.resolve("bot.sock");
    try (LocalServer server =
        LocalServer.listen(
            path,
            json,
            (call, user, out) -> {
              calls.add(call);
              assertThat(user).isEqualTo(System.getProperty("user.name"));
              out.accept(CARD);
              out.accept(new Answer.Line("x"));
              return 3;
            })) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-rw----");
      Optional<Integer> exit = new LocalClient(path, json).call(CALL, answers::add);
      assertThat(exit).contains(3);
    }
    assertThat(calls).containsExactly(CALL);
    assertThat(answers).containsExactly(CARD, new Answer.Line("x"));
    assertThat(path).doesNotExist();
  }

  @Test
  void withoutABot_theClientSaysSo_evenIfADeadOneLeftItsFile() throws IOException {
    Path path = folder.resolve("bot.sock");
    assertThat(new LocalClient(path, json).call(CALL, answer -> {})).isEmpty();
    Files.writeString(path, "");
    assertThat(new LocalClient(path, json).call(CALL, answer -> {})).isEmpty();
  }

  @Test
  void noise_isAnsweredWithAUsageError_andTheNextCallIsServed() throws IOException {
    Path path = folder.resolve("bot.sock");
    try (LocalServer server = LocalServer.listen(path, json, (call, user, out) -> 0)) {
      for (String noise : List.of("\n", "{\n", "[1]\n", "x".repeat(3 * Call.MAX_TEXT) + "\n")) {
        try (SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX)) {
          peer.connect(UnixDomainSocketAddress.of(path));
          ByteBuffer bytes = ByteBuffer.wrap(noise.getBytes(StandardCharsets.UTF_8));
          try {
            while (bytes.hasRemaining()) {
              peer.write(bytes);
            }
          } catch (IOException expected) {
            assertThat(expected)
                .isInstanceOf(IOException.class); // the bot may hang up on a line without end
          }
        }
      }
      assertThat(new LocalClient(path, json).call(CALL, answer -> {})).contains(0);
    }
  }
}
