package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoakKillsTest {
  private static SoakKills kills(int count, int reachedOfTen) {
    SoakKills kills = new SoakKills(new Random(1));
    for (int i = 0; i < count; i++) {
      if (kills.isNextAtRandom()) {
        kills.atRandom();
      } else {
        kills.at(kills.next(), i % 10 < reachedOfTen);
      }
    }
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

  @Test
  void noKillsAreWell() {
    assertThat(kills(0, 0).fault()).isEmpty();
  }

  @Test
  void eachPlaceHasItsTurnBeforeAnyComesAgain() {
    SoakKills kills = new SoakKills(new Random(1));
    List<String> places = new ArrayList<>();
    for (int i = 0; i < 56; i++) {
      places.add(kills.next().toString());
      kills.at(kills.next(), true);
    }
    assertThat(places).doesNotHaveDuplicates().contains("hand-over flush", "verify flushed", "own flush", "batch end");
    assertThat(kills.next().toString()).isEqualTo(places.getFirst());
  }

  @Test
  void theReportNamesEach() {
    assertThat(kills(5, 10).told()).startsWith("kills        5, at: ").contains("random").contains("flush")
        .doesNotContain("not reached");
    assertThat(kills(5, 0).told()).startsWith("kills        5, at: random").contains("not reached");
  }
}
