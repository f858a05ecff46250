package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.status.HeightsKnown.Known;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownHeightsTest {
  private static final String LAST =
      "these are the highest heights known in this process; compare ./tenon tips of other nodes";

  private static List<String> lines(Known... known) {
    return new KnownHeights("v0", List.of(known)).lines();
  }

  @Test
  void theHighestOfEachChainIsToldWithWhoKnowsIt() {
    assertThat(lines(new Known("v1", "validator", "aa", 15, false), new Known("v0", "validator", "aa", 11, false),
        new Known("v2", "validator", "aa", 17, false), new Known("v0", "sequencer-1", "aa", 12, false)))
        .containsExactly("chain aa: 12 here, 17 known to v2/validator: it has not caught up", LAST);
    assertThat(lines(new Known("v1", "validator", "aa", 15, true), new Known("v0", "validator", "aa", 15, false)))
        .as("who signs it elsewhere does not matter here")
        .containsExactly("chain aa: 15 here, 15 known to v1/validator", LAST);
  }

  @Test
  void aChainOfItsOwnThatOthersKnowHigherIsToldFirst() {
    assertThat(lines(new Known("v0", "validator", "aa", 11, false), new Known("v1", "validator", "aa", 12, false),
        new Known("v0", "validator", "bb", 7, false), new Known("v0", "sequencer-0", "cc", 3, true),
        new Known("v1", "validator", "cc", 4, false), new Known("v0", "sequencer-1", "dd", -1, true),
        new Known("v1", "validator", "dd", 0, false), new Known("v0", "sequencer-2", "ee", -1, true)))
        .containsExactly(
            "chain cc, its own: 3 here, 4 known to v1/validator: above what is here it has signed already",
            "chain dd, its own: nothing here, 0 known to v1/validator: above what is here it has signed already",
            "chain aa: 11 here, 12 known to v1/validator: it has not caught up",
            "chain ee, its own: nothing here, told by nobody else", "chain bb: 7 here, told by nobody else", LAST);
  }

  /// That nothing was signed above what is here is not believed where it is known to be wrong. Of chains of others
  /// nothing follows: they go on.
  @Test
  void whatIsKnownToBeSignedAboveContradictsTheOperator() {
    var others = new Known("v1", "validator", "aa", 12, false);
    for (long here : new long[] {-1, 0, 11}) {
      var known = new KnownHeights("v0", List.of(new Known("v0", "sequencer-0", "aa", here, true), others));
      assertThatThrownBy(() -> RecoverCommand.unlessKnown(known)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("not lifted: chain aa, its own: ");
    }
    for (Known here : List.of(new Known("v0", "sequencer-0", "aa", 12, true),
        new Known("v0", "validator", "aa", 11, false), new Known("v0", "sequencer-0", "bb", -1, true))) {
      var known = new KnownHeights("v0", List.of(here, others));
      assertThat(RecoverCommand.unlessKnown(known)).isEqualTo(known.lines());
    }
  }

  private static String token(String question, long generation, Known... known) {
    return new KnownHeights("v0", List.of(known)).token(question, generation);
  }

  /// What an operator was shown does not hold for what he has not seen: another question, another generation, a chain
  /// of the node's own that has come or is known higher elsewhere. Heights of a network that works may grow meanwhile.
  @Test
  void whatWasShownHoldsUntilItHasChangedForTheWorse() {
    var own = new Known("v0", "sequencer-0", "aa", 12, true);
    var follows = new Known("v0", "validator", "bb", 7, false);
    String token = token("slot recover x --sign", 3, own, follows);
    assertThat(token).matches("[0-9a-f]{8}");
    assertThat(token("slot recover x --sign --nothing-above", 3, own, follows)).isNotEqualTo(token);
    assertThat(token("slot recover x --sign", 4, own, follows)).isNotEqualTo(token);
    assertThat(token("slot recover x --sign", 3, own, follows, new Known("v0", "sequencer-1", "cc", -1, true)))
        .isNotEqualTo(token);
    assertThat(token("slot recover x --sign", 3, own, new Known("v0", "validator", "bb", 9, false),
        new Known("v1", "validator", "bb", 20, false), new Known("v1", "validator", "aa", 12, false)))
        .as("the network moves").isEqualTo(token);
    assertThat(token("slot recover x --sign", 3, new Known("v0", "sequencer-0", "aa", 13, true), follows))
        .as("it holds more by now").isEqualTo(token);
    String behind = token("slot recover x --sign", 3, own, follows, new Known("v1", "validator", "aa", 13, false));
    assertThat(behind).isNotEqualTo(token);
    assertThat(token("slot recover x --sign", 3, own, follows, new Known("v1", "validator", "aa", 14, false)))
        .as("signed elsewhere meanwhile").isNotEqualTo(behind);
  }

  @Test
  void heightsAreUnsigned() {
    assertThat(lines(new Known("v0", "validator", "aa", 11, false), new Known("v1", "validator", "aa", -2, false),
        new Known("v2", "validator", "aa", 12, false)).getFirst())
        .contains("18446744073709551614 known to v1/validator: it has not caught up");
  }

  @Test
  void thereAreNeverMoreLinesThanSomebodyReads() {
    List<Known> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(new Known("v0", "validator", String.format("%03d", i), i, i == 299));
    }
    List<String> lines = new KnownHeights("v0", all).lines();
    assertThat(lines).hasSize(KnownHeights.LINES_MAX + 2);
    assertThat(lines.getFirst()).startsWith("chain 299, its own");
    assertThat(lines.get(KnownHeights.LINES_MAX)).isEqualTo("and 44 more chains");
    assertThat(lines()).containsExactly("heights: nothing that runs here tells of any");
  }
}
