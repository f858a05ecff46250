package dev.tenon.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What is kept of a role that is rebuilt is bounded, whether or not its safe head moves.
class RebuildLogTest {
  private static long kept(RebuildLog<Long, Long> log) {
    return LongStream.range(0, log.emittedNext())
        .filter(number -> number < 2_000 || number >= log.emittedNext() - 2_000)
        .filter(number -> log.output(number) != null).count();
  }

  private static RebuildLog<Long, Long> emitted(long outputs, int size) {
    RebuildLog<Long, Long> log = new RebuildLog<>(512, 512, 1 << 20);
    for (long number = 0; number < outputs; number++) {
      log.emitted(number, number, size);
    }
    return log;
  }

  @Test
  void whileTheSafeHeadStandsStillOutputsAreKeptUpToABound() {
    assertThat(kept(emitted(100_000, 1))).isEqualTo(512);
  }

  @Test
  void andUpToABoundOfTheirBytes() {
    assertThat(kept(emitted(100_000, 4_096))).isEqualTo((1 << 20) / 4_096);
  }

  @Test
  void whatIsComparedStaysWithTheHeadBeforeIt() {
    RebuildLog<Long, Long> log = emitted(1_000, 1 << 20);
    assertThat(kept(log)).isEqualTo(RebuildLog.COMPARED + 1);
    log.safe(1_000);
    assertThat(log.output(log.resetAt() - 1)).isNotNull();
    assertThat(log.last()).hasSize(RebuildLog.COMPARED);
  }

  @Test
  void aHandoverIsRefusedUntilTheSafeHeadHasMoved() {
    RebuildLog<Long, Long> log = emitted(1_000, 1);
    log.safe(100);
    assertThatThrownBy(() -> begin(log)).isInstanceOfSatisfying(HandoverRefusedException.class,
        refused -> assertThat(refused.kind()).isEqualTo(HandoverOutcome.Kind.NO_HISTORY));
    log.safe(900);
    assertThat(begin(log)).isNotNull();
  }

  /// The consumer may have an output, and say that it is safe, a moment before the log has it.
  @Test
  void aSafeHeadThatIsToldBeforeItsOutputIsKnownCountsOnceItIs() {
    RebuildLog<Long, Long> log = emitted(10, 1);
    log.safe(11);
    assertThat(log.safeNext()).isEqualTo(10);
    log.emitted(10L, 10, 1);
    assertThat(log.safeNext()).isEqualTo(11);
    log.emitted(11L, 11, 1);
    assertThat(log.safeNext()).isEqualTo(11);
  }

  private static QueuedTransfer.Piece begin(RebuildLog<Long, Long> log) {
    return new RebuildTransfer<>(log, to -> {
      throw new IllegalStateException("nothing is fed");
    }, from -> false).export("serves");
  }
}
