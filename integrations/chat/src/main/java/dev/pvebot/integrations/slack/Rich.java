package dev.pvebot.integrations.slack;

import com.slack.api.model.block.LayoutBlock;
import com.slack.api.model.block.RichTextBlock;
import com.slack.api.model.block.element.BlockElement;
import com.slack.api.model.block.element.RichTextElement;
import com.slack.api.model.block.element.RichTextPreformattedElement;
import com.slack.api.model.block.element.RichTextSectionElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Text of Slack's `rich_text` block. Its text elements are shown as they are: no mrkdwn, no
/// mention, no link is read out of them, so a VM named `<!channel>` or `*x*` stays a name.
final class Rich {
  private final List<RichTextElement> section = new ArrayList<>();
  private final List<BlockElement> elements = new ArrayList<>();

  Rich plain(String text) {
    return add(text, null);
  }

  Rich bold(String text) {
    return add(text, RichTextSectionElement.TextStyle.builder().bold(true).build());
  }

  Rich code(String text) {
    return add(text, RichTextSectionElement.TextStyle.builder().code(true).build());
  }

  private Rich add(
      String text, RichTextSectionElement.@org.jspecify.annotations.Nullable TextStyle style) {
    if (!text.isEmpty()) { // Slack refuses empty text elements
      section.add(RichTextSectionElement.Text.builder().text(text).style(style).build());
    }
    return this;
  }

  /// Fixed width, line by line.
  Rich preformatted(String text) {
    endSection();
    if (!text.isEmpty()) {
      elements.add(
          RichTextPreformattedElement.builder()
              .elements(List.of(RichTextSectionElement.Text.builder().text(text).build()))
              .build());
    }
    return this;
  }

  private void endSection() {
    if (!section.isEmpty()) {
      elements.add(RichTextSectionElement.builder().elements(new ArrayList<>(section)).build());
      section.clear();
    }
  }

  /// Empty if nothing was put in: Slack refuses empty blocks.
  Optional<LayoutBlock> block() {
    endSection();
    return elements.isEmpty()
        ? Optional.empty()
        : Optional.of(RichTextBlock.builder().elements(elements).build());
  }

  /// For the places that know only mrkdwn, such as the text of a notification.
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
