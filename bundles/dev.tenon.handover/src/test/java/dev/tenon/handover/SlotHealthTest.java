package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What health makes of a slot. How long a real one has kept its callers waiting: `SlotMetricsTest` in `slot.storage`.
class SlotHealthTest {
  private static final long PARK_TIMEOUT_MS = 10_000;

  private static SlotStatus slot(SlotState state, long parked, long parkedMs) {
    return slot(state, parked, parkedMs, 0, 0, false);
  }

  private static SlotStatus slot(SlotState state, long parked, long parkedMs, int failed, int stuck, boolean silent) {
    return new SlotStatus(SlotName.parse("n/journal/test"), state, "planted", "plain@1.0.0", 1, parked, 0, 0, "plain",
        parkedMs, PARK_TIMEOUT_MS, "", null, HandoverOutcome.NONE, failed, "", stuck, 0, silent, false);
  }

  private static Result says(SlotStatus status) {
    return new SlotHealth(() -> List.of(status)).execute();
  }

  private static String text(Result result) {
    return StreamSupport.stream(result.spliterator(), false).map(ResultLog.Entry::getMessage)
        .collect(Collectors.joining("; "));
  }

  @ParameterizedTest
  @CsvSource({"ACTIVE, 0, 0, OK", "PREPARING, 0, 0, OK", "FENCED, 3, 1_000, OK", "FENCED, 3, 1_001, WARN",
      "OPENING, 0, 0, TEMPORARILY_UNAVAILABLE", "OPENING, 3, 10_001, CRITICAL", "OPENING, 0, 10_001, CRITICAL",
      "COMMITTING, 3, 1_001, WARN", "EMPTY, 0, 0, TEMPORARILY_UNAVAILABLE", "EMPTY, 3, 10_000, TEMPORARILY_UNAVAILABLE",
      "EMPTY, 3, 10_001, CRITICAL", "EMPTY, 0, 10_001, CRITICAL", "VACANT, 0, 0, TEMPORARILY_UNAVAILABLE",
      "RECOVERING, 0, 0, TEMPORARILY_UNAVAILABLE", "RECOVERING, 1, 10_001, CRITICAL", "FAILED, 0, 0, CRITICAL"})
  void callersThatAreNotServedWarnAfterASecondAndAreCriticalOnceTheyGiveUp(SlotState state, long parked, String ms,
      Result.Status expected) {
    assertThat(says(slot(state, parked, Long.parseLong(ms.replace("_", "")))).getStatus()).isEqualTo(expected);
  }

  /// Promise H10: what waits for the world says for what.
  @ParameterizedTest
  @EnumSource(names = {"VACANT", "EMPTY", "RECOVERING", "OPENING", "FAILED"})
  void whatWaitsForTheWorldIsNotWellAndSaysWhy(SlotState state) {
    Result result = says(slot(state, 0, 0));
    assertThat(result.isOk()).isFalse();
    assertThat(text(result)).contains("n/journal/test is " + state + ": planted");
  }

  @Test
  void whatOpensAndWaitsForNobodyIsWell() {
    SlotStatus opens = new SlotStatus(SlotName.parse("n/journal/test"), SlotState.OPENING, "", "plain@1.0.0", 1, 0, 0,
        0, "plain", 0, PARK_TIMEOUT_MS, "", null, HandoverOutcome.NONE, 0, "", 0, 0, false, false);
    assertThat(says(opens).getStatus()).isEqualTo(Result.Status.OK);
  }

  @Test
  void howManyWaitAndForHowLongIsTold() {
    assertThat(text(says(slot(SlotState.EMPTY, 3, 12_345)))).endsWith(", 3 units parked, callers not served for 12 s");
    assertThat(text(says(slot(SlotState.EMPTY, 0, 12_345)))).endsWith("planted, callers not served for 12 s");
    assertThat(text(says(slot(SlotState.FENCED, 3, 999)))).endsWith(", 3 units parked");
  }

  @Test
  void whatIsLeftOfFormerTroubleWarnsThoughItServes() {
    assertThat(says(slot(SlotState.ACTIVE, 0, 0, SwapLimits.FAILURES_WARN - 1, 0, false)).isOk()).isTrue();
    assertThat(says(slot(SlotState.ACTIVE, 0, 0, SwapLimits.FAILURES_WARN, 0, false)).getStatus())
        .isEqualTo(Result.Status.WARN);
    assertThat(says(slot(SlotState.ACTIVE, 0, 0, 0, 1, false)).getStatus()).isEqualTo(Result.Status.WARN);
    assertThat(says(slot(SlotState.ACTIVE, 0, 0, 0, 0, true)).getStatus()).isEqualTo(Result.Status.WARN);
  }

  @Test
  void warnsOfACallThatIsInsideForTooLongBeforeAnybodyAsksForAHandover() {
    assertThat(inside(0, 0).getStatus()).isEqualTo(Result.Status.OK);
    assertThat(inside(0, 3).getStatus()).isEqualTo(Result.Status.WARN);
    assertThat(text(inside(0, 3))).contains("n/scheme/test: 3 calls have exceeded their deadline");
    assertThat(inside(1, 0).getStatus()).isEqualTo(Result.Status.WARN);
  }

  /// One provider that was taken three times hangs three times.
  @Test
  void countsWhatHangsByTakingAndNotByProvider() {
    assertThat(text(inside(3, 0))).contains("n/scheme/test: 3 takings of providers are held by calls that were left "
        + "behind and have not returned");
  }

  private static Result inside(int stuck, int overdue) {
    return says(new SlotStatus(new SlotName("n", "scheme", "test"), SlotState.ACTIVE, "", "local@1.0.0", 2, 0, 0, 0,
        "local", 0, 10_000, "", null, HandoverOutcome.NONE, 0, "", stuck, overdue, false, false));
  }
}
