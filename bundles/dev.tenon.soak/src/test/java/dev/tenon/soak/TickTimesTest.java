package dev.tenon.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Goal: a stall is as long in the figures as it was, however few commits it held up. Method: the ticks of a writer
/// that has at most four commits under way, on a clock that is counted by hand, in ms.
class TickTimesTest {
  private static final long MS = 1_000_000;
  private static final int EVERY_MS = 10;
  private static final int COMMITS_MAX = 4;

  private final TickTimes times = new TickTimes(EVERY_MS * MS);
  private final Deque<List<Long>> commits = new ArrayDeque<>();

  @BeforeEach
  void beginSlice() {
    times.begin();
  }

  private void tick(long atMs) {
    times.due(atMs * MS);
    if (commits.size() < COMMITS_MAX) commits.add(times.begun());
  }

  private void acknowledge(long atMs) {
    times.ended(commits.remove(), atMs * MS);
  }

  private long[] toldMs() {
    return Arrays.stream(times.told().split(" ", -1)).skip(1).mapToLong(Long::parseLong).map(ns -> ns / MS).toArray();
  }

  private String open() {
    return times.told().split(" ", -1)[0];
  }

  @Test
  void aTickIsTimedFromWhenItWasDue() {
    tick(0);
    acknowledge(2);
    tick(13); // due at 10
    acknowledge(14);
    assertThat(toldMs()).containsExactly(2, 4);
    assertThat(open()).isEqualTo("0");
  }

  /// Of 5 s, one in which nothing is acknowledged: a p99 of the commits that were begun would be 1 ms.
  @Test
  void whatAStallHeldUpIsAFigureEach() {
    for (int at = 0; at < 5_000; at += EVERY_MS) {
      tick(at);
      if (at < 2_000 || at >= 3_000) {
        while (!commits.isEmpty()) acknowledge(at + 1);
      }
    }
    long[] told = toldMs();
    Arrays.sort(told);
    assertThat(told).hasSize(500);
    assertThat(told[told.length - 1]).isEqualTo(1_001);
    assertThat(told[told.length * 99 / 100]).isGreaterThan(900);
    assertThat(Arrays.stream(told).filter(ms -> ms > 100).count()).isBetween(90L, 100L);
  }

  @Test
  void aWriterThatHadNoTurnStandsForTheTicksInBetween() {
    tick(0);
    acknowledge(1);
    tick(40); // due at 10, and nobody asked at 20, 30 and 40
    acknowledge(41);
    assertThat(toldMs()).containsExactly(1, 31, 21, 11, 1);
    tick(50);
    acknowledge(51);
    assertThat(toldMs()).hasSize(6).endsWith(1);
  }

  @Test
  void whatHangsOverTheEndOfASliceIsWaitedFor() {
    tick(0);
    times.end();
    tick(10);
    assertThat(times.told()).isEqualTo("1");
    acknowledge(700);
    acknowledge(701);
    assertThat(toldMs()).containsExactly(700);
    assertThat(open()).isEqualTo("0");
  }

  @Test
  void whatWasDueBeforeASliceIsNoneOfIt() {
    tick(0);
    times.begin();
    tick(10);
    acknowledge(20);
    acknowledge(20);
    assertThat(toldMs()).containsExactly(10);
  }

  @Test
  void aCommitThatFailsIsMadeUpForByTheNext() {
    tick(0);
    times.failed(commits.remove());
    assertThat(open()).isEqualTo("1");
    tick(10);
    acknowledge(11);
    assertThat(toldMs()).containsExactlyInAnyOrder(11, 1);
  }

  @Test
  void outsideOfSlicesNothingIsKept() {
    times.end();
    tick(0);
    acknowledge(1);
    assertThat(times.told()).isEqualTo("0");
  }
}
