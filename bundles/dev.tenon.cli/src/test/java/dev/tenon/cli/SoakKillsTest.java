package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoakKillsTest {
  private static final int PLACES = 58;

  private static SoakKills kills(int count, int reachedOfTen) {
    SoakKills kills = new SoakKills(new Random(1));
    for (int i = 0; i < count; i++) {
      if (kills.isNextAtRandom()) {
        kills.atRandom();
      } else {
        kills.at(kills.next(), i % 10 < reachedOfTen);
      }
    }
    kills.passed(kills.order());
    return kills;
  }

  @Test
  void killsThatComeElsewhereAreNotWell() {
    assertThat(kills(5, 10).fault()).isEmpty();
    assertThat(kills(20, 10).fault()).isEmpty();
    assertThat(kills(20, 9).fault()).isEmpty();
    assertThat(kills(20, 5).fault()).isNotEmpty();
    assertThat(kills(5, 0).fault()).isEqualTo("4 of 4 kills came elsewhere than they were meant to");
  }

  /// A small share of all kills wait for one place, and are not reached.
  ///
  /// @param passed whether slots come to it in a process that is not killed
  private static SoakKills allButTheFirst(int times, boolean passed) {
    SoakKills kills = new SoakKills(new Random(1));
    String first = kills.next().toString();
    for (int i = 0; i < times * PLACES; i++) {
      kills.at(kills.next(), i % PLACES != 0);
    }
    kills.passed(kills.order().stream().filter(place -> passed || !place.equals(first)).toList());
    return kills;
  }

  @Test
  void aPlaceThatNoSlotComesToIsNotWellHoweverManyOthersAreReached() {
    String first = new SoakKills(new Random(1)).next().toString();
    assertThat(allButTheFirst(1, false).fault()).isEqualTo("no slot comes to " + first);
    assertThat(allButTheFirst(3, false).fault()).isEqualTo("no slot comes to " + first);
  }

  @Test
  void aPlaceThatSlotsComeToMayBeMissedOnce() {
    String first = new SoakKills(new Random(1)).next().toString();
    assertThat(allButTheFirst(1, true).fault()).isEmpty();
    assertThat(allButTheFirst(2, true).fault()).isEqualTo("no slot comes to " + first);
    SoakKills reachedLater = allButTheFirst(1, false);
    reachedLater.at(reachedLater.next(), true);
    assertThat(reachedLater.fault()).isEmpty();
  }

  @Test
  void allKillsMayBeMeantForOnePlace() {
    SoakKills drop = new SoakKills(new Random(1), "drop");
    assertThat(drop.order()).containsExactlyInAnyOrder("drop begin", "drop end", "drop flush", "drop flushed");
    for (int i = 0; i < 10; i++) {
      assertThat(drop.isNextAtRandom()).isFalse();
      assertThat(drop.next().step()).isEqualTo("drop");
      drop.at(drop.next(), true);
    }
    assertThat(new SoakKills(new Random(1), "own flush").order()).containsExactly("own flush");
    assertThat(new SoakKills(new Random(1), "forget").order()).isEmpty();
  }

  @Test
  void noKillsAreWell() {
    assertThat(kills(0, 0).fault()).isEmpty();
  }

  @Test
  void eachPlaceHasItsTurnBeforeAnyComesAgain() {
    SoakKills kills = new SoakKills(new Random(1));
    List<String> places = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      places.add(kills.next().toString());
      kills.at(kills.next(), true);
    }
    assertThat(places).doesNotHaveDuplicates().contains("hand-over flush", "verify flushed", "own flush", "batch end",
        "drop flush");
    assertThat(kills.next().toString()).isEqualTo(places.getFirst());
  }

  @Test
  void theReportNamesEach() {
    assertThat(kills(5, 10).told()).startsWith("kills        5, at: ").contains("random").contains("flush")
        .doesNotContain("not reached");
    assertThat(kills(5, 0).told()).startsWith("kills        5, at: random").contains("not reached");
  }
}
