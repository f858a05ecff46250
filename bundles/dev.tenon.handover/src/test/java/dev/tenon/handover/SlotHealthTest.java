package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.util.List;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.junit.jupiter.api.Test;

class SlotHealthTest {
  private static Result judged(int stuck, int overdue) {
    SlotStatus status =
        new SlotStatus(new SlotName("n", "scheme", "test"), SlotState.ACTIVE, "", "local@1.0.0", 2, 0, 0,
            0, "local", 0, 10_000, "", null, HandoverOutcome.NONE, 0, "", stuck, overdue, false);
    return new SlotHealth(() -> List.of(status)).execute();
  }

  @Test
  void warnsOfACallThatIsInsideForTooLongBeforeAnybodyAsksForAHandover() {
    assertThat(judged(0, 0).getStatus()).isEqualTo(Result.Status.OK);
    assertThat(judged(0, 3).getStatus()).isEqualTo(Result.Status.WARN);
    assertThat(judged(0, 3)).extracting(ResultLog.Entry::getMessage)
        .anyMatch(line -> line.startsWith("n/scheme/test: 3 calls have exceeded their deadline"));
    assertThat(judged(1, 0).getStatus()).isEqualTo(Result.Status.WARN);
  }
}
