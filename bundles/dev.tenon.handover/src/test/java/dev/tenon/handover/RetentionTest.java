package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: what an operator may need for a recovery goes last, and not before the slot has served. Method: locations by
/// name, and a clock by hand.
class RetentionTest {
  private static final long SECOND_NS = 1_000_000_000;

  private final List<String> deleted = new ArrayList<>();
  private final Retention retention = new Retention(() -> SwapLimits.DEFAULT, deleted::add);

  @Test
  void theNewestStayWhateverTheirNamesAreAsText() {
    retention.keep(List.of("journal/test/10", "journal/test/8", "journal/test/9"), 0);
    assertThat(deleted).as("a start deletes nothing").isEmpty();
    retention.forget(0);
    assertThat(deleted).containsExactly("journal/test/8");
    retention.keep(List.of("journal/test/100"), 0);
    retention.forget(0);
    assertThat(deleted).containsExactly("journal/test/8", "journal/test/9");
  }

  @Test
  void whatWasNeverInChargeGoesFirst() {
    retention.keep(List.of("journal/test/3", "journal/test/4", "journal/test/5.aside-1", "journal/test/5.aside-2"), 0);
    retention.forget(0);
    assertThat(deleted).containsExactly("journal/test/5.aside-1", "journal/test/5.aside-2");
  }

  @Test
  void itsTimeBeginsWhenTheSlotServes() {
    retention.keep(List.of("journal/test/1"), 0);
    retention.serves(700 * SECOND_NS);
    retention.forget(1_300 * SECOND_NS);
    assertThat(deleted).isEmpty();
    retention.forget(1_301 * SECOND_NS);
    assertThat(deleted).containsExactly("journal/test/1");
  }
}
