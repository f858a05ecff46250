package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// How long copying rests, by what it is told.
class CopyPaceTest {
  private static final long MS = 1_000_000;
  private static final long BEGUN = 7_000 * MS;

  private final CopyPace pace = new CopyPace(() -> SlotLimits.DEFAULT);

  private static Standby standby(int rounds, long left) {
    Standby standby = Standby.waiting(new Candidate(1, "b", "test", "1.0.0"), 0).copied(0, 0, left);
    for (int i = 0; i < rounds; i++) {
      standby = standby.roundEnded();
    }
    return standby;
  }

  @Test
  void itRestsForAsLongAsItWorked() {
    pace.begin(BEGUN);
    assertThat(pace.restMs(standby(0, 100), BEGUN, BEGUN)).isZero();
    pace.piece(BEGUN);
    assertThat(pace.restMs(standby(0, 100), BEGUN + 7 * MS, BEGUN)).isEqualTo(7);
  }

  @Test
  void theShareIsConfigured() {
    SlotLimits[] limits = {working(25)};
    CopyPace gentle = new CopyPace(() -> limits[0]);
    gentle.begin(BEGUN);
    gentle.piece(BEGUN);
    assertThat(gentle.restMs(standby(0, 100), BEGUN + 7 * MS, BEGUN)).isEqualTo(21);
    limits[0] = working(70);
    assertThat(gentle.restMs(standby(0, 100), BEGUN + 7 * MS, BEGUN)).as("while it copies").isEqualTo(3);
  }

  private static SlotLimits working(int percent) {
    SwapLimits swap =
        new SwapLimits(500, 3_600_000, 2_000, 1_000, 600_000, 5_000, percent, 64, 20, 10_000, 2, 600_000);
    return new SlotLimits(64, 1 << 20, 10_000, 5_000, 600_000, 2_000, 100, 10_000, swap);
  }

  @Test
  void whatIsTooShortForATimerIsOwed() {
    pace.begin(BEGUN);
    long rests = 0;
    for (long i = 0; i < 100; i++) {
      long now = BEGUN + i * MS;
      pace.piece(now);
      rests += pace.restMs(standby(0, 100), now + MS / 4, BEGUN);
    }
    assertThat(rests).isEqualTo(25);
  }

  @Test
  void oneRestIsMuchShorterThanTheDeadlineOfTheStepThatItDelays() {
    pace.begin(BEGUN);
    pace.piece(BEGUN);
    long now = BEGUN + 60_000 * MS;
    assertThat(pace.restMs(standby(0, 100), now, now)).isEqualTo(SlotLimits.DEFAULT.operationDeadlineMs() / 4);
    pace.piece(now);
    assertThat(pace.restMs(standby(0, 100), now + MS, now)).as("what is more is let go").isEqualTo(1);
  }

  @Test
  void itDoesNotRestWhereNobodyIsServed() {
    pace.begin(BEGUN);
    pace.piece(BEGUN + 1_001 * MS);
    assertThat(pace.restMs(standby(0, 100), BEGUN + 1_009 * MS, BEGUN)).isZero();
  }

  @Test
  void itRestsNoMoreOnceARoundLeavesMoreThanHalfOfTheOneBefore() {
    pace.begin(BEGUN);
    pace.piece(BEGUN);
    long now = BEGUN + 5 * MS;
    assertThat(pace.restMs(standby(1, 1_000), now, now)).isEqualTo(5);
    assertThat(pace.restMs(standby(2, 500), now, now)).isEqualTo(5);
    assertThat(pace.restMs(standby(3, 251), now, now)).isZero();
    assertThat(pace.restMs(standby(4, 10), now, now)).as("nor later").isZero();
    pace.begin(now);
    pace.piece(now);
    assertThat(pace.restMs(standby(0, 10), now + 5 * MS, now)).as("the next handover does").isEqualTo(5);
  }

  @Test
  void theSecondHalfOfTheTimeForAHandoverIsWithoutRests() {
    long half = SlotLimits.DEFAULT.swap().prepareTimeoutMs() * MS / 2;
    pace.begin(BEGUN);
    pace.piece(BEGUN + half - 5 * MS);
    assertThat(pace.restMs(standby(0, 10), BEGUN + half, BEGUN + half)).isEqualTo(5);
    assertThat(pace.restMs(standby(0, 10), BEGUN + half + 1, BEGUN + half)).isZero();
  }
}
