package dev.tenon.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PayloadBoardTest {
  private static final PublicKey SEQUENCER = new PublicKey(Bytes.of((byte) 1));

  private final PayloadBoard board = new PayloadBoard();
  private final List<Bytes> taken = new ArrayList<>();

  @Test
  void handsOutWhatIsPinnedAtOnceAndToThoseWhoWaited() {
    assertThat(board.take(SEQUENCER, payload(0).digest(), taken::add)).isTrue();
    assertThat(taken).isEmpty();
    board.pin(SEQUENCER, new Height(0), payload(0));
    board.take(SEQUENCER, payload(0).digest(), taken::add);
    assertThat(taken).containsExactly(payload(0).bytes(), payload(0).bytes());
  }

  @Test
  void keepsTheTwoNewestOfASequencer() {
    for (int height = 0; height < 3; height++) {
      board.pin(SEQUENCER, new Height(height), payload(height));
    }
    assertThat(board.holds(SEQUENCER, payload(0).digest(), new Height(0))).isFalse();
    assertThat(board.holds(SEQUENCER, payload(1).digest(), new Height(1))).isTrue();
    assertThat(board.holds(SEQUENCER, payload(2).digest(), new Height(2))).isTrue();
    assertThat(board.holds(SEQUENCER, payload(2).digest(), new Height(1))).as("another height").isFalse();
  }

  @Test
  void refusesOneMoreThanMayWait() {
    for (int i = 0; i < 8_192; i++) {
      assertThat(board.take(SEQUENCER, payload(i).digest(), taken::add)).isTrue();
    }
    assertThat(board.take(SEQUENCER, payload(9_000).digest(), taken::add)).isFalse();
    board.pin(SEQUENCER, new Height(5), payload(5));
    assertThat(taken).hasSize(1);
    assertThat(board.take(SEQUENCER, payload(9_000).digest(), taken::add)).isTrue();
  }

  @Test
  void whoGivesUpLeavesHisPlace() {
    Consumer<Bytes> gone = bytes -> taken.add(Bytes.EMPTY);
    for (int i = 0; i < 20_000; i++) {
      assertThat(board.take(SEQUENCER, payload(i).digest(), gone)).isTrue();
      board.leave(payload(i).digest(), gone);
    }
    board.take(SEQUENCER, payload(7).digest(), taken::add);
    board.leave(payload(7).digest(), gone);
    board.pin(SEQUENCER, new Height(7), payload(7));
    assertThat(taken).containsExactly(payload(7).bytes());
  }

  private static Payload payload(int number) {
    byte[] digest = new byte[Digest.SIZE];
    digest[0] = (byte) number;
    digest[1] = (byte) (number >>> 8);
    return new Payload(new Digest(Bytes.of(digest)), Bytes.of((byte) number));
  }
}
