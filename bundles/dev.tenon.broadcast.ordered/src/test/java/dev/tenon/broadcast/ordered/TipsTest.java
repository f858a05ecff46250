package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.broadcast.ordered.Tips.Standing;
import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TipsTest {
  private final Tips tips = new Tips();

  private static Node node(int sequencer, long height, int payload) {
    var chunk = new Chunk(key(sequencer), new Height(height), digest(payload));
    return new Node(chunk, new Signature(Bytes.EMPTY), Optional.empty());
  }

  private static PublicKey key(int name) {
    return new PublicKey(Bytes.of((byte) name));
  }

  private static Digest digest(int fill) {
    byte[] bytes = new byte[Digest.SIZE];
    bytes[0] = (byte) fill;
    return new Digest(Bytes.wrap(bytes));
  }

  @Test
  void takesTheFirstNodeOfASequencer() {
    assertThat(tips.put(node(1, 7, 1))).isEqualTo(Standing.NEW);
    assertThat(tips.accepted(key(1))).contains(node(1, 7, 1));
    assertThat(tips.accepted(key(2))).isEmpty();
  }

  @Test
  void keepsTheFirstOfEqualChunks() {
    var first = node(1, 7, 1);
    var second = new Node(first.chunk(), new Signature(Bytes.of((byte) 9)), Optional.empty());
    tips.put(first);
    assertThat(tips.put(second)).isEqualTo(Standing.KNOWN);
    assertThat(tips.accepted(key(1))).contains(first);
  }

  @Test
  void replacesByAHigherNodeAcrossGapsAlsoAboveTheSignedRange() {
    tips.put(node(1, 7, 1));
    assertThat(tips.put(node(1, 9, 2))).isEqualTo(Standing.NEW);
    assertThat(tips.put(node(1, -2, 3))).isEqualTo(Standing.NEW);
    assertThat(tips.put(node(1, Long.MAX_VALUE, 3))).isEqualTo(Standing.TOO_LOW);
    assertThat(tips.accepted(key(1))).contains(node(1, -2, 3));
  }

  @Test
  void refusesLowerAndConflictingNodesWithoutAChange() {
    tips.put(node(1, 7, 1));
    assertThat(tips.put(node(1, 6, 1))).isEqualTo(Standing.TOO_LOW);
    assertThat(tips.put(node(1, 7, 2))).isEqualTo(Standing.MISMATCH);
    assertThat(tips.accepted(key(1))).contains(node(1, 7, 1));
  }

  @Test
  void keepsManySequencersApart() {
    for (int sequencer = 0; sequencer < 100; sequencer++) {
      for (int height = 0; height < 20; height++) {
        assertThat(tips.put(node(sequencer, height, sequencer))).isEqualTo(Standing.NEW);
      }
    }
    for (int sequencer = 0; sequencer < 100; sequencer++) {
      assertThat(tips.accepted(key(sequencer))).contains(node(sequencer, 19, sequencer));
    }
  }

  @Test
  void isSettledOnlyOnceDurable() {
    tips.put(node(1, 7, 1));
    assertThat(tips.isSettled(node(1, 7, 1).chunk())).isFalse();
    tips.saved(node(1, 7, 1));
    assertThat(tips.isSettled(node(1, 7, 1).chunk())).isTrue();
    tips.put(node(1, 8, 2));
    assertThat(tips.isSettled(node(1, 7, 1).chunk())).isFalse();
    assertThat(tips.isSettled(node(1, 8, 2).chunk())).isFalse();
  }

  @Test
  void forgetsWhatWasNotSaved() {
    tips.put(node(1, 7, 1));
    tips.forgetUnsaved(key(1));
    assertThat(tips.accepted(key(1))).isEmpty();
    tips.put(node(1, 7, 2));
    tips.saved(node(1, 7, 2));
    tips.put(node(1, 8, 3));
    tips.forgetUnsaved(key(1));
    assertThat(tips.accepted(key(1))).contains(node(1, 7, 2));
  }
}
