package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.HistoryCheck.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: each broken promise is found, and nothing else is. Method: histories written by hand.
class HistoryCheckTest {
  private static final String KEY = "aa".repeat(32);
  private static final String VALIDATOR = "bb".repeat(32);
  private static final String ONE = "01".repeat(32);
  private static final String TWO = "02".repeat(32);

  private static HistoryCheck read(String lines) {
    HistoryCheck check = new HistoryCheck();
    for (String line : lines.lines().toList()) {
      if (line.equals("-- next process")) {
        check.begin();
      } else if (line.equals("-- all opened")) {
        check.allOpened();
      } else {
        check.line(line);
      }
    }
    check.end();
    return check;
  }

  private static void assertFound(String lines, Fault fault, long count) {
    HistoryCheck check = read(lines);
    assertThat(check.count(fault)).as(check.told().toString()).isEqualTo(count);
    for (Fault other : Fault.values()) {
      assertThat(other == fault ? 0 : check.count(other)).as(check.told().toString()).isZero();
    }
  }

  private static void assertClean(String lines) {
    assertFound(lines, Fault.LOST, 0);
  }

  private static String acks(int count, int height, String payload) {
    return IntStream.range(0, count)
        .mapToObj(i -> "ack " + ("b" + i).repeat(32) + " " + KEY + " " + height + " " + payload + " 0\n")
        .collect(Collectors.joining());
  }

  private static String chunk(int height, String payload) {
    return "chunk " + KEY + " " + KEY + " " + height + " " + payload + "\n";
  }

  private static String lock(int height, String payload) {
    return "lock v0 " + KEY + " " + height + " " + payload + "\n";
  }

  /// Ten items acknowledged in section 0, two more that are not.
  private static final String WRITTEN = """
      open w after
      floor w 0
      opened w
      put w 1 0 0 100 10
      acked w 1
      put w 2 0 10 110 2
      """;

  @Test
  void aLineThatAKillCutOffTellsNothing(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("history");
    for (String rest : new String[] {"", "acked w 99", "put w 3 0"}) {
      Files.writeString(file, WRITTEN + rest);
      HistoryCheck check = new HistoryCheck();
      check.begin();
      check.read(file);
      assertThat(check.isClean()).as(check.told().toString()).isTrue();
      assertThat(check.operations()).isEqualTo(10);
    }
    Files.writeString(file, "");
    new HistoryCheck().read(file);
  }

  private static String thereIs(String how, String found) {
    return WRITTEN + "open w " + how + "\n" + found + "floor w 0\nopened w\n";
  }

  @Test
  void whatWasAcknowledgedIsThereAndAnyPartOfTheRest() {
    assertClean(thereIs("after", "found w 0 0 100 10\n"));
    assertClean(thereIs("after", "found w 0 0 100 11\n"));
    assertClean(thereIs("after", "found w 0 0 100 12\n"));
    assertClean(thereIs("exact", "found w 0 0 100 12\n"));
  }

  @Test
  void anAcknowledgedItemThatIsGoneIsLost() {
    assertFound(thereIs("after", "found w 0 0 100 9\n"), Fault.LOST, 1);
    assertFound(thereIs("after", ""), Fault.LOST, 1);
    assertFound(thereIs("exact", "found w 0 0 100 11\n"), Fault.LOST, 1);
  }

  @Test
  void aJournalThatNobodyCanReadAtTheEndIsLost() {
    String lost = WRITTEN + "lost w UnavailableException:_x\n";
    assertFound(lost, Fault.LOST, 1);
    assertFound(lost + lost.substring(WRITTEN.length()) + "open w after\nfound w 0 0 100 10\n", Fault.LOST, 1);
    assertClean(lost + "open w after\nfound w 0 0 100 10\nfloor w 0\nopened w\n");
  }

  @Test
  void aJournalThatTheLastProcessDidNotReadIsLost() {
    assertFound(WRITTEN + "-- next process\n", Fault.LOST, 1);
    assertFound(WRITTEN + "-- next process\nopen w after\nfound w 0 0 100 10\n", Fault.LOST, 1);
    assertClean(WRITTEN + "-- next process\nopen w after\nfound w 0 0 100 10\nfloor w 0\nopened w\n");
  }

  @Test
  void aJournalThatAProcessInBetweenDidNotReadIsLostThoughTheNextOneReadsIt() {
    String there = "open w after\nfound w 0 0 100 10\nfloor w 0\nopened w\n";
    String between = WRITTEN + "-- next process\n-- all opened\n";
    assertFound(between + "-- next process\n" + there, Fault.LOST, 1);
    assertClean(WRITTEN + "-- next process\n-- next process\n" + there); // killed before anybody could
    assertClean(WRITTEN + "-- next process\n" + there + "-- all opened\n-- next process\n" + there);
    assertClean(WRITTEN + "-- next process\n" + there + "lost w UnavailableException:_x\n-- all opened\n"
        + "-- next process\n" + there);
  }

  @Test
  void damageIsALossHoweverOftenItIsToldAndWhoeverReadsItLater() {
    String damaged = WRITTEN + "lost w CorruptionException:_w/0\n".repeat(3);
    assertFound(damaged, Fault.LOST, 1);
    assertFound(damaged + "-- next process\nopen w after\nfound w 0 0 100 10\nfloor w 0\nopened w\n", Fault.LOST, 1);
  }

  @Test
  void anItemThatIsThereTwiceIsDuplicated() {
    assertFound(thereIs("after", "found w 0 0 100 10\nfound w 0 10 109 1\n"), Fault.DUPLICATED, 1);
  }

  @Test
  void itemsThatChangedPlacesAreReordered() {
    assertFound(thereIs("after", "found w 0 0 100 8\nfound w 0 8 109 1\nfound w 0 9 108 1\n"), Fault.REORDERED, 2);
  }

  @Test
  void anItemThatNobodyWroteIsFound() {
    assertFound(thereIs("after", "found w 0 0 100 10\nfound w 0 10 7 1\n"), Fault.REORDERED, 1);
    assertFound(thereIs("after", "found w 0 0 100 9\nfound w 0 9 -1 1\n"), Fault.REORDERED, 1);
  }

  @Test
  void aRewindThatIsNotAcknowledgedMayHaveHappenedOrNot() {
    String rewound = WRITTEN + "rewind w 3 0 5\nput w 4 0 5 200 1\nopen w after\n";
    for (String found : new String[] {"found w 0 0 100 12\n", "found w 0 0 100 5\n",
        "found w 0 0 100 5\nfound w 0 5 200 1\n"}) {
      assertClean(rewound + found + "floor w 0\nopened w\n");
    }
    assertFound(rewound + "found w 0 0 100 4\nfloor w 0\nopened w\n", Fault.LOST, 1);
  }

  @Test
  void aSectionIsAsItWasAfterSomeOfItsChangesAndNoMixtureOfThem() {
    String rewound = WRITTEN + "rewind w 3 0 5\nput w 4 0 5 200 1\nput w 5 0 6 210 2\nopen w after\n";
    for (String found : new String[] {
        "found w 0 0 100 5\nfound w 0 5 200 1\nfound w 0 6 106 4\n", // rewound items behind a new one
        "found w 0 0 100 6\nfound w 0 6 210 1\n"}) { // a new item behind one that was rewound
      assertFound(rewound + found + "floor w 0\nopened w\n", Fault.REORDERED, 1);
    }
    assertClean(rewound + "found w 0 0 100 5\nfound w 0 5 200 1\nfound w 0 6 210 1\nfloor w 0\nopened w\n");
    assertClean(rewound + "found w 0 0 100 11\nfloor w 0\nopened w\n");
  }

  /// What the soak found: a section of several pages is cut at a page's end first, and then within the page.
  @Test
  void aRewindThatWasUnderWayMayHaveComeToAnyEndBetweenTheOldOneAndItsOwn() {
    String rewound = WRITTEN + "put w 3 1 0 300 6\nacked w 3\nrewind w 4 1 2\nput w 5 1 2 400 1\nopen w after\n"
        + "found w 0 0 100 12\n";
    for (String found : new String[] {"found w 1 0 300 6\n", "found w 1 0 300 4\n", "found w 1 0 300 2\n",
        "found w 1 0 300 2\nfound w 1 2 400 1\n"}) {
      assertClean(rewound + found + "floor w 0\nopened w\n");
    }
    assertFound(rewound + "found w 1 0 300 1\nfloor w 0\nopened w\n", Fault.LOST, 1);
    assertFound(rewound + "found w 1 0 300 1\nfound w 1 1 302 1\nfloor w 0\nopened w\n", Fault.REORDERED, 1);
  }

  @Test
  void eachSectionMayHaveComeToAnotherChange() {
    assertClean(WRITTEN + "put w 3 1 0 300 2\nput w 4 0 12 112 1\nopen w after\n"
        + "found w 0 0 100 13\nfound w 1 0 300 1\nfloor w 0\nopened w\n");
  }

  @Test
  void whatWasRewoundAndAcknowledgedStaysAway() {
    assertFound(WRITTEN + "rewind w 3 0 5\nacked w 3\nopen w after\nfound w 0 0 100 6\nfloor w 0\nopened w\n",
        Fault.REORDERED, 1);
  }

  @Test
  void theFloorStaysAndHidesWhatIsBelow() {
    String pruned = WRITTEN + "put w 3 1 0 300 1\nprune w 4 1\nacked w 4\nopen w after\nfound w 1 0 300 1\n";
    assertClean(pruned + "floor w 1\nopened w\n");
    assertFound(pruned + "floor w 0\nopened w\n", Fault.LOST, 1);
  }

  @Test
  void aRemovedJournalComesBackEmptyAndWithoutAFloor() {
    String removed = WRITTEN + "put w 3 1 0 300 1\nprune w 4 1\nacked w 4\nremove w 5\nremoved w 5\n";
    assertClean(removed + "open w exact\nfloor w 0\nopened w\n");
    assertClean(removed + "open w after\nfloor w 0\nopened w\n");
    assertFound(removed + "open w after\nfound w 1 0 300 1\nfloor w 0\nopened w\n", Fault.REORDERED, 1);
    assertFound(removed + "open w after\nfloor w 1\nopened w\n", Fault.LOST, 1);
  }

  @Test
  void aRemovalThatNobodyAnsweredMayHaveHappenedOrNot() {
    String removed = WRITTEN + "remove w 3\nopen w after\n";
    assertClean(removed + "floor w 0\nopened w\n");
    assertClean(removed + "found w 0 0 100 11\nfloor w 0\nopened w\n");
    assertFound(removed + "found w 0 0 100 9\nfloor w 0\nopened w\n", Fault.REORDERED, 1); // half of it
  }

  @Test
  void whatAJournalMadeAnewAcknowledgedIsThere() {
    String anew = WRITTEN + "remove w 3\nremoved w 3\nopen w exact\nfloor w 0\nopened w\nput w 4 0 0 400 2\nacked w 4\n"
        + "open w after\n";
    assertClean(anew + "found w 0 0 400 2\nfloor w 0\nopened w\n");
    assertFound(anew + "found w 0 0 400 1\nfloor w 0\nopened w\n", Fault.LOST, 1);
    assertFound(anew + "found w 0 0 400 2\nfound w 0 2 102 8\nfloor w 0\nopened w\n", Fault.REORDERED, 8);
  }

  @Test
  void twoChunksOfOneHeightAreAnEquivocation() {
    String first = "chunk " + KEY + " " + KEY + " 0 " + ONE + "\n";
    assertClean(first + first);
    assertFound(first + "chunk " + KEY + " " + KEY + " 0 " + TWO + "\n", Fault.EQUIVOCATED, 1);
  }

  @Test
  void twoAcksOfOneHeightAreAnEquivocationInAnyEpoch() {
    String first = "ack " + VALIDATOR + " " + KEY + " 3 " + ONE + " 0\n";
    assertClean(first + "ack " + VALIDATOR + " " + KEY + " 3 " + ONE + " 1\n");
    assertFound(first + "ack " + VALIDATOR + " " + KEY + " 3 " + TWO + " 1\n", Fault.EQUIVOCATED, 1);
  }

  @Test
  void whatIsCertifiedWasSeenToBeSignedByItsSequencerAndAQuorum() {
    assertClean(chunk(4, ONE) + acks(3, 4, ONE) + lock(4, ONE));
    assertClean(chunk(4, ONE) + acks(4, 4, ONE) + "-- next process\n" + lock(4, ONE));
    assertFound(acks(3, 4, ONE) + lock(4, ONE) + lock(4, ONE), Fault.EQUIVOCATED, 1);
    assertFound(chunk(4, ONE) + acks(2, 4, ONE) + lock(4, ONE) + lock(4, ONE), Fault.EQUIVOCATED, 1);
    assertFound(chunk(4, ONE) + acks(3, 5, ONE) + lock(4, ONE), Fault.EQUIVOCATED, 1);
    assertFound(chunk(4, ONE) + acks(3, 4, ONE) + lock(4, TWO), Fault.EQUIVOCATED, 2);
  }

  @Test
  void aChainThatJumpsOrGoesBackBehindACertificateIsLost() {
    String chain = chunk(4, ONE) + acks(3, 4, ONE) + lock(4, ONE);
    assertClean(chain + "chunk " + KEY + " " + KEY + " 5 " + TWO + "\n");
    assertFound(chain + "chunk " + KEY + " " + KEY + " 6 " + TWO + "\n", Fault.LOST, 1);
    assertFound(chain + "chunk " + KEY + " " + KEY + " 3 " + TWO + "\n", Fault.LOST, 1);
  }

  @Test
  void aValidatorThatForgetsWhatItStoodForIsFound() {
    String stood = "ack " + VALIDATOR + " " + KEY + " 9 " + ONE + " 0\ntip v0 " + KEY + " 9 " + ONE + "\n";
    String lower = "ack " + VALIDATOR + " " + KEY + " 8 " + TWO + " 0\n";
    assertClean(stood + lower);
    assertFound(stood + "-- next process\n" + lower, Fault.LOST, 1);
    assertFound(stood + "tip v0 " + KEY + " 8 " + TWO + "\n", Fault.LOST, 1);
  }

  @Test
  void aSignatureThatNobodyUnderstandsIsFound() {
    assertFound("strange tenon_OTHER 00\n", Fault.REORDERED, 1);
  }

  @Test
  void countsWhatWasAcknowledgedAndCertified() {
    HistoryCheck check = read(WRITTEN + chunk(0, ONE) + acks(3, 0, ONE) + lock(0, ONE) + lock(0, ONE));
    assertThat(check.operations()).isEqualTo(11);
    assertThat(check.certified()).isEqualTo(1);
  }

  @Test
  void anItemThatWasAcknowledgedAndReadBackIsComparedOnce() {
    String again = "open w exact\nfound w 0 0 100 12\nfloor w 0\nopened w\n";
    HistoryCheck check = read(WRITTEN + again + again + "put w 3 0 12 112 4\nacked w 3\nrewind w 4 0 14\nacked w 4\n"
        + "open w exact\nfound w 0 0 100 14\nfloor w 0\nopened w\n" + "remove w 5\nremoved w 5\n");
    assertThat(check.isClean()).as(check.told().toString()).isTrue();
    assertThat(check.acknowledged()).isEqualTo(10 + 4);
    assertThat(check.compared()).isEqualTo(10 + 2);
  }

  @Test
  void whatEndedWithAnErrorIsCountedByItsReason() {
    HistoryCheck check = read(WRITTEN + "lost w UnavailableException:_v0_waited_for_10000_ms\n"
        + "lost w UnavailableException:_v1_waited_for_10007_ms\nlost w StaleException:_w\n"
        + "open w after\nfound w 0 0 100 10\nfloor w 0\nopened w\n");
    assertThat(check.failed())
        .isEqualTo(Map.of("UnavailableException: vN waited for N ms", 2L, "StaleException: w", 1L));
    assertThat(check.isClean()).isTrue();
  }
}
