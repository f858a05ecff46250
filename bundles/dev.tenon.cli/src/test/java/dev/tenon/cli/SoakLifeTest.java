package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Goal: a process that serves nobody is not taken for one that lost nothing.
class SoakLifeTest {
  private static final String LINE = "50 certified chunks/s, %d in all, tips 1 to 2";
  private static final String WELL = "OK slots\nOK broadcast v0/validator";
  private static final String WAITS = "TEMPORARILY_UNAVAILABLE slots\n  v1/journal/broadcast is VACANT\nOK devnet";
  private static final String OPEN = writers(SoakNode.WRITERS);
  private static final String ALL = Integer.toString(SoakNode.WRITERS);

  private final ToldDoor node = new ToldDoor().answers("line", LINE.formatted(0), LINE.formatted(1))
      .answers("health", WAITS, WELL).answers("soak open", "", OPEN).answers("tips", tips(0, 7), tips(1, 8))
      .answers("soak rest", "resting").answers("soak rested", "3", ALL)
      .answers("soak owed", "soak-1 2", "");

  private static String writers(int count) {
    return IntStream.range(0, count).mapToObj(i -> "soak-" + i).collect(Collectors.joining("\n"));
  }

  /// @param first of the first chain; the others have another height
  private static String tips(long first, long others) {
    return "node engine epoch sequencer tip certified state\n" + IntStream.range(0, SoakNode.CHAINS)
        .mapToObj(i -> "v0 validator 0 key" + i + " 9 " + (i == 0 ? first : others) + " paused: no quorum")
        .collect(Collectors.joining("\n"));
  }

  private SoakLife life() {
    return new SoakLife(node, false);
  }

  @Test
  void oneThatBecomesWellIsWell() {
    assertThatCode(() -> life().started()).doesNotThrowAnyException();
    node.answers("tips", tips(1, 8), tips(2, 9));
    assertThatCode(() -> life().works()).doesNotThrowAnyException();
    assertThatCode(() -> life().rests()).doesNotThrowAnyException();
  }

  @Test
  void oneThatIsNeverWellIsFound() {
    node.answers("health", WAITS);
    assertThatThrownBy(() -> life().started()).hasMessage("not in time: health");
    assertThatThrownBy(() -> life().works()).hasMessage("not in time: all work");
    assertThatThrownBy(() -> life().rests()).hasMessage("not in time: health");
  }

  @Test
  void underSwapsFailedHandoversMayBeTold() {
    node.answers("health", "WARN slots\n  v0/journal/broadcast is ACTIVE; 3 handovers have failed\nOK devnet");
    assertThatCode(() -> life().works()).doesNotThrowAnyException();
    assertThatThrownBy(() -> life().rests()).hasMessage("not in time: health");
    node.answers("health", "");
    assertThatThrownBy(() -> life().works()).hasMessage("not in time: all work");
  }

  @Test
  void aWriterThatCannotOpenItsJournalIsFound() {
    node.answers("soak open", writers(2));
    assertThatThrownBy(() -> life().started())
        .hasMessage("not in time: all writers have their journals open, open are only soak-0, soak-1");
    assertThatThrownBy(() -> life().works()).hasMessageContaining("open are only soak-0, soak-1");
  }

  @Test
  void aChainThatStandsStillIsFound() {
    node.answers("tips", tips(0, 7), tips(0, 8));
    assertThatThrownBy(() -> life().started())
        .hasMessage("not in time: every chain goes on, no further certificate of v0/validator key0");
    node.answers("tips", tips(0, 7), tips(0, 8));
    assertThatThrownBy(() -> life().rests()).hasMessageContaining("no further certificate of v0/validator key0");
  }

  @Test
  void aChainOfWhichNobodyKnowsIsFound() {
    node.answers("tips", tips(0, 7).lines().limit(4).collect(Collectors.joining("\n")));
    assertThatThrownBy(() -> life().started())
        .hasMessage("not in time: all chains are known, of 32 chains engines know 3");
  }

  @Test
  void aWriterThatDoesNotComeToRestIsFound() {
    node.answers("soak rested", "7");
    assertThatThrownBy(() -> life().rests()).hasMessage("not in time: what all writers have in their journals");
  }

  @Test
  void anAnswerThatNeverComesIsFound() {
    node.answers("soak owed", "soak-1 2\nsoak-4 1");
    assertThatThrownBy(() -> life().rests())
        .hasMessage("not in time: an answer to all that writers asked for, owed are soak-1 2, soak-4 1");
  }

  @Test
  void whereSomebodyForgetsOnPurposeOnlyJournalsAreOpened() {
    node.answers("health", WAITS).answers("tips", tips(0, 7));
    SoakLife planted = new SoakLife(node, true);
    assertThatCode(planted::started).doesNotThrowAnyException();
    assertThatCode(planted::works).doesNotThrowAnyException();
    assertThatCode(planted::rests).doesNotThrowAnyException();
  }
}
