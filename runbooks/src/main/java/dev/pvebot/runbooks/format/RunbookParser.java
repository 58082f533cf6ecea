package dev.pvebot.runbooks.format;

import dev.pvebot.clusters.Sha256;
import dev.pvebot.clusters.yaml.Nearest;
import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.clusters.yaml.Problems;
import dev.pvebot.clusters.yaml.Shape;
import dev.pvebot.clusters.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/// Reads a runbook. It never throws for its input: what is wrong comes back with line and column,
/// all at once.
///
/// Nothing in the format has two meanings: which heading a block belongs to, what a step is called,
/// what is prose.
public final class RunbookParser {
  /// Characters of a file; a longer one is refused unread.
  public static final int MAX_LENGTH = 512 * 1024;

  private static final Parser MARKDOWN =
      Parser.builder().includeSourceSpans(IncludeSourceSpans.BLOCKS).build();
  private static final Pattern NUMBER = Pattern.compile("^\\s*[0-9]+([.][0-9]+)*[.)]?\\s+");
  private static final List<String> SECTIONS =
      List.of("Prerequisites", "Steps", "Rollback", "Notes");
  private static final String STEP = "yaml step";
  private static final String CHECK = "yaml check";

  private RunbookParser() {}

  /// @param runbook empty when there are problems
  public record Parsed(Optional<Runbook> runbook, List<Problem> problems) {
    public Parsed {
      problems = List.copyOf(problems);
    }
  }

  public static Parsed parse(String fileName, String text) {
    Problems problems = new Problems();
    if (text.length() > MAX_LENGTH) {
      problems.add(
          Position.file(fileName),
          "",
          "%d characters".formatted(text.length()),
          "at most %d".formatted(MAX_LENGTH),
          "Split it into several runbooks.");
      return new Parsed(Optional.empty(), problems.list());
    }
    String unix = (text.startsWith("\uFEFF") ? text.substring(1) : text).replace("\r\n", "\n");
    Optional<Runbook> runbook =
        new Reading(fileName, text, List.of(unix.split("\n", -1)), problems).read();
    return new Parsed(problems.isEmpty() ? runbook : Optional.empty(), problems.list());
  }

  /// A heading with what stands under it.
  private static final class Part {
    final int level;
    final String title;
    final Position at;
    final List<Fence> fences = new ArrayList<>();
    final List<Part> children = new ArrayList<>();
    final StringBuilder prose = new StringBuilder();

    Part(int level, String title, Position at) {
      this.level = level;
      this.title = title;
      this.at = at;
    }
  }

  /// @param opensAt where its text begins
  private record Fence(String kind, String text, Position opensAt, int firstLine, int indent) {}

  /// The reading of one file.
  private static final class Reading {
    private final String file;
    private final String text;
    private final List<String> lines;
    private final Problems problems;
    private final YamlText yaml;
    private final Map<String, Position> ids = new HashMap<>();

    Reading(String file, String text, List<String> lines, Problems problems) {
      this.file = file;
      this.text = text;
      this.lines = lines;
      this.problems = problems;
      this.yaml = new YamlText(file, lines);
    }

    Optional<Runbook> read() {
      int end = frontMatterEnd();
      if (end < 0) {
        return Optional.empty();
      }
      Optional<FrontMatter> front =
          yaml.read(String.join("\n", lines.subList(1, end)) + "\n", 2, 0, problems)
              .flatMap(node -> FrontMatter.shape(yaml).read(node, "", problems));

      String body = "\n".repeat(end + 1) + String.join("\n", lines.subList(end + 1, lines.size()));
      Part root = outline(MARKDOWN.parse(body));
      List<Runbook.Check> checks = new ArrayList<>();
      List<Step> steps = new ArrayList<>();
      List<Step> rollback = new ArrayList<>();
      Map<String, Position> sections = new HashMap<>();
      refuseFences(root, "A step belongs under a heading ### in ## Steps.");
      for (Part section : root.children) {
        Position before = sections.putIfAbsent(section.title.toLowerCase(Locale.ROOT), section.at);
        if (before != null && SECTIONS.stream().anyMatch(section.title::equalsIgnoreCase)) {
          problems.add(
              section.at,
              section.title,
              "a second section",
              "one",
              "The first is on line %d.".formatted(before.line()));
        }
        switch (section.title.toLowerCase(Locale.ROOT)) {
          case "prerequisites" -> checks.addAll(checks(section));
          case "steps" -> steps.addAll(steps(section));
          case "rollback" -> rollback.addAll(steps(section));
          default -> prose(section);
        }
      }
      if (!sections.containsKey("steps")) {
        problems.add(
            Position.file(file),
            "",
            "no section ## Steps",
            "one",
            "Without steps there is nothing to run.");
      } else if (steps.isEmpty() && problems.isEmpty()) {
        problems.add(
            position(sections.get("steps")),
            "Steps",
            "no step",
            "at least one",
            "A step is a heading ###.");
      }
      return front.map(found ->
          new Runbook(
              file,
              found.name(),
              found.summary(),
              found.title(),
              found.nothingToDo(),
              found.risk(),
              found.riskUpTo(),
              found.riskAt(),
              found.intent(),
              found.phrases(),
              found.examples(),
              found.params(),
              found.exclusive(),
              found.testedWith(),
              root.prose.toString().strip(),
              checks,
              steps,
              rollback,
              text,
              Sha256.hex(text)));
    }

    private Position position(@org.jspecify.annotations.Nullable Position at) {
      return at == null ? Position.file(file) : at;
    }

    /// The index of the closing line; -1 when there is none, which is a problem.
    private int frontMatterEnd() {
      if (!lines.getFirst().stripTrailing().equals("---")) {
        problems.add(
            new Position(file, 1, 1),
            "",
            "no frontmatter",
            "--- on the first line",
            "It says name, summary and risk.");
        return -1;
      }
      for (int i = 1; i < lines.size(); i++) {
        if (lines.get(i).stripTrailing().equals("---")) {
          return i;
        }
      }
      problems.add(
          new Position(file, 1, 1),
          "",
          "frontmatter that does not end",
          "--- on a line of its own",
          "");
      return -1;
    }

    // --- Markdown
    // ---------------------------------------------------------------------------------------------------

    /// The headings of level 2 to 4 as a tree. The root holds what stands before the first section.
    private Part outline(Node document) {
      Part root = new Part(1, "", new Position(file, 1, 1));
      List<Part> open = new ArrayList<>(List.of(root));
      for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
        if (node instanceof Heading heading) {
          int level = heading.getLevel();
          Position at = at(heading);
          if (level == 1) {
            if (open.size() > 1) {
              problems.add(at, "", "a heading # after the first section", "## or deeper", "");
            }
            continue;
          }
          while (open.getLast().level >= level) {
            open.removeLast();
          }
          Part parent = open.getLast();
          Part part = new Part(level, plainText(heading), at);
          if (inSteps(open) && (level > 4 || parent.level != level - 1)) {
            problems.add(
                at,
                part.title,
                "a heading " + "#".repeat(level),
                level > 4 ? "### or ####" : "#".repeat(parent.level + 1),
                "A step is ###, a step inside it ####, and there is nothing deeper.");
          }
          parent.children.add(part);
          open.add(part);
        } else {
          collect(node, open.getLast());
        }
      }
      return root;
    }

    private static boolean inSteps(List<Part> open) {
      return open.size() > 1
          && Set.of("steps", "rollback").contains(open.get(1).title.toLowerCase(Locale.ROOT));
    }

    private void collect(Node node, Part part) {
      List<Fence> found = new ArrayList<>();
      node.accept(
          new AbstractVisitor() {
            @Override
            public void visit(FencedCodeBlock block) {
              fence(block).ifPresent(found::add);
            }
          });
      part.fences.addAll(found);
      if (found.isEmpty()) {
        for (SourceSpan span : node.getSourceSpans()) {
          part.prose.append(lines.get(span.getLineIndex())).append('\n');
        }
        part.prose.append('\n');
      }
    }

    private Optional<Fence> fence(FencedCodeBlock block) {
      SourceSpan first = block.getSourceSpans().getFirst();
      Position at = new Position(file, first.getLineIndex() + 1, first.getColumnIndex() + 1);
      if (block.getClosingFenceLength() == null) {
        problems.add(
            at,
            "",
            "a block that does not end",
            "a closing fence",
            "Everything behind it would be swallowed. Write ``` on a line of its own.");
        return Optional.empty();
      }
      String info = block.getInfo() == null ? "" : block.getInfo().strip();
      if (info.equals(STEP) || info.equals(CHECK)) {
        return Optional.of(
            new Fence(
                info, block.getLiteral(), at, first.getLineIndex() + 2, first.getColumnIndex()));
      }
      // `yaml steps` would silently be prose
      if (info.toLowerCase(Locale.ROOT).matches("ya?ml\\S*\\s+.*|ya?ml[-_:,](step|check)s?")) {
        problems.add(
            at,
            "",
            "a block marked '%s'".formatted(info),
            "'yaml step', 'yaml check', or no second word",
            Nearest.to(info, List.of(STEP, CHECK)).map("Did you mean '%s'?"::formatted).orElse(""));
      }
      return Optional.empty();
    }

    private Position at(Node node) {
      SourceSpan span = node.getSourceSpans().getFirst();
      return new Position(file, span.getLineIndex() + 1, span.getColumnIndex() + 1);
    }

    private static String plainText(Node node) {
      StringBuilder text = new StringBuilder();
      node.accept(
          new AbstractVisitor() {
            @Override
            public void visit(Text part) {
              text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
              text.append(part.getLiteral());
            }
          });
      return text.toString().strip();
    }

    // --- sections
    // ---------------------------------------------------------------------------------------------------

    private void prose(Part section) {
      Nearest.to(section.title, SECTIONS)
          .filter(near -> !near.equalsIgnoreCase(section.title))
          .ifPresent(near ->
              problems.add(
                  section.at,
                  section.title,
                  "a section of this name",
                  String.join(", ", SECTIONS),
                  "Did you mean '%s'? Choose a name that is less alike for prose."
                      .formatted(near)));
      refuseFences(section, "Blocks run only in ## Prerequisites, ## Steps and ## Rollback.");
      section.children.forEach(this::prose0);
    }

    private void prose0(Part part) {
      refuseFences(part, "Blocks run only in ## Prerequisites, ## Steps and ## Rollback.");
      part.children.forEach(this::prose0);
    }

    private void refuseFences(Part part, String advice) {
      for (Fence fence : part.fences) {
        problems.add(
            fence.opensAt, part.title, "a block '%s'".formatted(fence.kind), "none here", advice);
      }
    }

    private List<Runbook.Check> checks(Part section) {
      List<Runbook.Check> checks = new ArrayList<>();
      List<Part> parts = new ArrayList<>(List.of(section));
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        parts.addAll(part.children);
        for (Fence fence : part.fences) {
          if (fence.kind.equals(STEP)) {
            problems.add(
                fence.opensAt,
                part.title,
                "a block 'yaml step'",
                "'yaml check'",
                "Steps belong in ## Steps.");
            continue;
          }
          read(
                  fence,
                  Shape.<Runbook.Check>mapping(fields -> {
                    Optional<Source> that = fields.required("that", yaml.condition());
                    Optional<Source> otherwise = fields.required("else", yaml.source());
                    return fields.build(
                        () -> new Runbook.Check(that.orElseThrow(), otherwise.orElseThrow()));
                  }),
                  section.title)
              .ifPresent(checks::add);
        }
      }
      return checks;
    }

    private <T> Optional<T> read(Fence fence, Shape<T> shape, String title) {
      int before = problems.count();
      Optional<YamlNode> node = yaml.read(fence.text, fence.firstLine, fence.indent, problems);
      if (node.isEmpty() && problems.count() == before) {
        problems.add(fence.opensAt, title, "an empty block", "a mapping", "");
      }
      return node.flatMap(found -> shape.read(found, "", problems));
    }

    private List<Step> steps(Part section) {
      refuseFences(section, "A step belongs under a heading ###.");
      return section.children.stream().flatMap(part -> step(part).stream()).toList();
    }

    private Optional<Step> step(Part part) {
      String title = NUMBER.matcher(part.title).replaceFirst("").strip();
      boolean hasChildren = !part.children.isEmpty();
      List<Step> children = part.children.stream().flatMap(child -> step(child).stream()).toList();
      List<Fence> blocks = part.fences.stream().filter(fence -> fence.kind.equals(STEP)).toList();
      part.fences.stream()
          .filter(fence -> fence.kind.equals(CHECK))
          .forEach(fence ->
              problems.add(
                  fence.opensAt,
                  title,
                  "a block 'yaml check'",
                  "it in ## Prerequisites",
                  "Use `when` in a step."));
      if (blocks.size() > 1) {
        problems.add(
            blocks.get(1).opensAt,
            title,
            "a second block 'yaml step'",
            "one for each heading",
            "Give it a heading of its own.");
        return Optional.empty();
      }
      if (blocks.isEmpty()) {
        problems.add(
            part.at,
            title,
            "a heading without a block",
            "a block ```yaml step",
            "If a person does this step, write `manual: true` in it.");
        return Optional.empty();
      }
      Optional<StepShape.Block> block =
          read(blocks.getFirst(), StepShape.shape(yaml, hasChildren), title);
      Optional<String> id = block.flatMap(found -> id(found, title, part.at));
      return block.flatMap(found -> id.flatMap(known -> step(part, known, title, found, children)));
    }

    private Optional<String> id(StepShape.Block block, String title, Position at) {
      String id = block.id().orElseGet(() -> slug(title));
      if (id.isEmpty()) {
        problems.add(at, title, "a title without letters", "letters or an `id` in the block", "");
        return Optional.empty();
      }
      Position before = ids.putIfAbsent(id, at);
      if (before != null) {
        problems.add(
            at,
            title,
            "the id '%s' a second time".formatted(id),
            "an id of its own",
            "It is that of the step on line %d; change the title or write an `id`."
                .formatted(before.line()));
        return Optional.empty();
      }
      return Optional.of(id);
    }

    private Optional<Step> step(
        Part part, String id, String title, StepShape.Block block, List<Step> children) {
      if (!part.children.isEmpty()) {
        return Optional.of(
            new Step.Group(id, title, part.at, block.loop(), block.when(), children));
      }
      if (block.manual().isPresent()) {
        Source text =
            block.manual().get() instanceof Value.Text(Source written)
                ? written
                : new Source(part.prose.toString().strip(), part.at, false);
        if (text.text().isBlank()) {
          problems.add(
              part.at,
              title,
              "no prose",
              "what the person has to do",
              "Write it under the heading.");
          return Optional.empty();
        }
        return Optional.of(new Step.Manual(id, title, part.at, block.loop(), block.when(), text));
      }
      return block
          .action()
          .map(action ->
              new Step.Act(
                  id,
                  title,
                  part.at,
                  block.loop(),
                  block.when(),
                  action,
                  block.with(),
                  block.within(),
                  block.until(),
                  block.timeout(),
                  block.retries(),
                  block.onFailure(),
                  block.register()));
    }
  }

  /// `1. Provision the machines` -> `provision-the-machines`.
  static String slug(String title) {
    return NUMBER
        .matcher(title)
        .replaceFirst("")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-+|-+$", "");
  }
}
