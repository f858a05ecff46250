package dev.tenon.handover;

import static dev.tenon.handover.SlotWalk.ALIKE;
import static dev.tenon.handover.SlotWalk.FIRST;
import static dev.tenon.handover.SlotWalk.MIGRATES;
import static dev.tenon.handover.SlotWalk.OTHER;
import static dev.tenon.handover.SlotWalk.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.slot.SlotState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The picture of the states in docs/develop/handover.md is what the machine does: it is drawn from walks through it.
/// Its table of phases shows them as they are shown.
class StatePictureTest {
  private static final Path FILE = Path.of("../../docs/develop/handover.md");
  private static final String START = "<!-- states: generated from the slot's machine -->";
  private static final String END = "<!-- states end -->";
  /// Of a row of the table.
  private static final int CELLS = 7;
  /// The same at every run, also at night.
  private static final int STATES_MAX = 24_000;

  /// With -Dtenon.picture=write the page is renewed instead.
  @Test
  void thePictureOfTheStatesIsFresh() throws IOException {
    String page = Files.readString(FILE);
    int start = page.indexOf(START);
    int end = page.indexOf(END);
    assertThat(start).as("the page has its markers").isNotNegative().isLessThan(end);
    String fresh = page.substring(0, start + START.length()) + draw() + page.substring(end);
    if (System.getProperty("tenon.picture", "").equals("write")) {
      Files.writeString(FILE, fresh);
    } else {
      assertThat(page).as("%s is stale: call `./tenon pages`", FILE).isEqualTo(fresh);
    }
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void theTableSaysAsWhatAPhaseIsShown(Phase phase) throws IOException {
    List<String> shown = Files.readAllLines(FILE).stream().filter(line -> line.startsWith("| "))
        .map(line -> line.split(" \\| ?"))
        .filter(cells -> cells.length == CELLS && List.of(cells[0].substring(2).split(", ")).contains(phase.name()))
        .map(cells -> cells[1].equals("same") ? phase.name() : cells[1]).toList();
    assertThat(shown).containsExactly(Stream.of(phase.state(false), phase.state(true)).distinct()
        .map(SlotState::name).collect(Collectors.joining(" or ")));
  }

  private static String draw() {
    Set<String> arrows = new TreeSet<>();
    arrows.addAll(new SlotWalk(new SlotWalk.Bounds(
        List.of(List.of(), List.of(FIRST), List.of(SECOND), List.of(FIRST, SECOND)), List.of(""), 4), STATES_MAX)
        .run().arrows);
    arrows.addAll(new SlotWalk(new SlotWalk.Bounds(
        List.of(List.of(), List.of(FIRST), List.of(OTHER), List.of(FIRST, OTHER)), List.of("plain", "other"), 4),
        STATES_MAX).runFrom(List.of(FIRST, OTHER), "other").arrows);
    arrows.addAll(new SlotWalk(new SlotWalk.Bounds(Terms.of(""), true,
        List.of(List.of(), List.of(FIRST, ALIKE), List.of(ALIKE)), List.of("plain", "alike"), 4), STATES_MAX)
        .runFrom(List.of(FIRST, ALIKE), "alike").arrows);
    arrows.addAll(new SlotWalk(new SlotWalk.Bounds(MIGRATES, false,
        List.of(List.of(FIRST), List.of(OTHER), List.of(FIRST, OTHER), List.of()), List.of("plain"), 4), STATES_MAX)
        .runFrom(List.of(FIRST, OTHER), "plain").arrows);
    StringBuilder out = new StringBuilder("\n```mermaid\nstateDiagram-v2\n  [*] --> OPENING\n");
    arrows.forEach(arrow -> out.append("  ").append(arrow).append('\n'));
    return out.append("```\n").toString();
  }
}
