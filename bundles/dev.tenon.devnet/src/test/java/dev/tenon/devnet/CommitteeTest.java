package dev.tenon.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.consensus.Epoch;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitteeTest {
  private final Committee committee = new Committee(4, List.of(new Epoch(7), new Epoch(9)));

  @Test
  void refusesALowerEpochAndSaysWhichItIs() {
    assertThat(committee.refusal(8L)).contains("an epoch cannot be lowered, it is 9 now");
    assertThat(committee.refusal("8")).contains("an epoch cannot be lowered, it is 9 now");
    assertThat(committee.refusal(9L)).isEmpty();
    assertThat(committee.refusal(10L)).isEmpty();
    assertThat(committee.refusal("9223372036854775807")).isEmpty();
    assertThat(committee.advance(new Epoch(10))).isTrue();
    assertThat(committee.refusal(9L)).contains("an epoch cannot be lowered, it is 10 now");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1.5", "9223372036854775808", "99999999999999999999999", "0x10", "10 11"})
  void refusesWhatIsNoEpochInOneLine(String garbage) {
    assertThat(committee.refusal(garbage)).contains("an epoch is 0 to 9223372036854775807");
  }
}
