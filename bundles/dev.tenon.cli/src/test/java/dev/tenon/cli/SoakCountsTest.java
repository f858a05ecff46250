package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.SoakCounts.Role;
import dev.tenon.cli.SoakCounts.Way;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SoakCountsTest {
  private final SoakCounts counts = new SoakCounts();

  @Test
  void aSwapOfEitherRoleIsOne() {
    counts.swapped(Role.JOURNAL, Way.PLAIN, 3);
    counts.swapped(Role.SCHEME, Way.ROLLBACK, 2);
    counts.swapped(Role.SCHEME, Way.EVICT, 1);
    counts.failed(Role.SCHEME);
    assertThat(counts.swaps()).isEqualTo(3);
    assertThat(counts.pausesMs(Role.SCHEME)).containsExactly(1.0, 2.0);
    assertThat(counts.told().lines()).containsExactly(
        "swaps        3 (1 journal, 2 scheme), given up and tried again 1 (0 journal, 1 scheme)",
        "asked for    1 rollbacks, 1 evictions, 0 cancels and 0 that came too late");
  }

  @Test
  void whatIsGivenUpIsNoSwapAndWhatCouldNotBeIsOne() {
    counts.cancelled();
    assertThat(counts.swaps()).isZero();
    counts.swapped(Role.JOURNAL, Way.CANCEL, 3);
    assertThat(counts.swaps()).isEqualTo(1);
    assertThat(counts.told()).contains("1 cancels and 1 that came too late");
  }

  @Test
  void allSlotsAreSwappedInAllWays() {
    Random random = new Random(1);
    Set<Role> roles = EnumSet.noneOf(Role.class);
    Set<Way> ways = EnumSet.noneOf(Way.class);
    for (int i = 0; i < 200; i++) {
      Role role = SoakSwaps.Plan.SOUND.role(random);
      roles.add(role);
      ways.add(SoakSwaps.Plan.SOUND.way(random));
      assertThat(SoakSwaps.Plan.SOUND.pair(role)).isNotNull();
      assertThat(SoakSwaps.Plan.FAULTY.role(random)).isEqualTo(Role.JOURNAL);
    }
    assertThat(roles).containsExactlyInAnyOrder(Role.values());
    assertThat(ways).containsExactlyInAnyOrder(Way.values());
    assertThat(SoakNode.slot(2, Role.SCHEME)).isEqualTo("v2/scheme/broadcast");
  }

  /// Who serves already would be drawn now and then, and be counted as a swap when the slot serves again.
  @Test
  void aSwapIsDrawnOnlyWhereItIsCertainWhoServes() {
    SoakSwaps.Pair pair = SoakSwaps.Plan.SOUND.pair(Role.JOURNAL);
    assertThat(pair.to("done: segmented@1.0.0 serves, generation 3, last pause 1.5 ms")).contains("mapdb");
    assertThat(pair.to("done: mapdb@1.0.0 serves, generation 4, last pause 2.0 ms, 7 items (0.1 MiB) copied"))
        .contains("segmented");
    for (String other : List.of("working: OPENING, waits for segmented", "working: ACTIVE, waits for mapdb",
        "failed: not handed over to mapdb@1.0.0: planted; segmented@1.0.0 serves, it is tried again", "")) {
      assertThat(pair.to(other)).as(other).isEmpty();
    }
  }
}
