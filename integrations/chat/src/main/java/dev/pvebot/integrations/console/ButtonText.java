package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Button;
import java.util.List;
import java.util.stream.IntStream;

/// How buttons read where nothing can be clicked.
sealed interface ButtonText {
  /// `[1] Confirm`: a listening console takes the number.
  record Numbered(List<Integer> numbers) implements ButtonText {
    public Numbered {
      numbers = List.copyOf(numbers);
    }

    @Override
    public Line label(int index, Button button, int room) {
      String number = "[" + numbers.get(index) + "]";
      return Line.of(Ink.CHOICE, number)
          .with(" ")
          .with(
              ink(button), Columns.cut(Harmless.line(button.label()), room - number.length() - 1));
    }

    @Override
    public boolean oneALine() {
      return false;
    }
  }

  /// `Confirm: approve 42 7c1e90`: nobody listens, so it says what to say next.
  record Commands() implements ButtonText {
    @Override
    public Line label(int index, Button button, int room) {
      String label = Columns.cut(Harmless.line(button.label()), room / 2) + ": ";
      return Line.of(ink(button), label)
          .with(Ink.CHOICE, Columns.cut(Harmless.line(button.command()), room - Columns.of(label)));
    }

    @Override
    public boolean oneALine() {
      return true;
    }
  }

  /// Shows one button.
  ///
  /// @param room columns it may take
  Line label(int index, Button button, int room);

  boolean oneALine();

  /// Numbers from `first` on, for as many buttons as a card may have.
  static ButtonText from(int first, int buttons) {
    return new Numbered(IntStream.range(first, first + buttons).boxed().toList());
  }

  private static Ink ink(Button button) {
    return switch (button.style()) {
      case PLAIN -> Ink.PLAIN;
      case PRIMARY -> Ink.STRONG;
      case DANGER -> Ink.BAD;
    };
  }
}
