package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: what is measured as a tail was copied behind the fence. Method: a slot that copies in rounds as the real one
/// does, in the place of a node; while a round is copied, so many items come in as is written down.
class TailSwapTest {
  private static final String SLOT = "v0/journal/broadcast";
  private static final int STORED = 10_240;

  private static final class Rounds implements TailSwap.Subject {
    private final int[] incoming;
    /// How many swaps pass by each hold, before the others.
    private final int unheld;
    private final List<String> logged = new ArrayList<>();
    private final List<Integer> bursts = new ArrayList<>();
    private boolean armed;
    private boolean held;
    private boolean fenced;
    private boolean done;
    private int begun;
    private int round;
    private long roundItems;
    private long copied;
    private long left;
    /// What is to be copied.
    private long pending;

    /// @param incoming while each round is copied; the last one again and again
    Rounds(int unheld, int... incoming) {
      this.unheld = unheld;
      this.incoming = incoming;
    }

    @Override
    public String begin() {
      begun++;
      round = 0;
      copied = 0;
      pending = STORED;
      held = false;
      fenced = false;
      done = false;
      return "mapdb";
    }

    /// A round, or the tail. Whoever lets it go has armed the next hold by now.
    private void goOn() {
      if (held || done) return;
      if (fenced) {
        done = true;
        logged.add("INFO slot - slot handed over to mapdb@1.0.0, 9 items (0.0 MiB) copied slot=\"" + SLOT
            + "\" generation=\"" + begun + "\" items=\"" + (copied + pending) + "\" bytes=\"9\" tailItems=\"" + pending
            + "\" pauseMs=\"1.5\"");
        return;
      }
      left = incoming[Math.min(round, incoming.length - 1)];
      round++;
      roundItems = pending;
      copied += pending;
      pending = left;
      fenced = Math.max(left, roundItems) <= 64;
      held = armed && begun > unheld;
      armed &= !held;
    }

    @Override
    public String told() {
      goOn();
      return done
          ? "done: mapdb@1.0.0 serves, generation " + begun + ", last pause 1.5 ms, 9 items (0.0 MiB) copied"
          : "working: PREPARING, mapdb@1.0.0 VERIFYING, " + copied + " items (9.5 MiB) copied, " + left
              + " left, about 1 s";
    }

    @Override
    public double pause(String to) {
      while (!done) goOn();
      return begun;
    }

    @Override
    public String ask(String line) {
      switch (line) {
        case "soak hold verify end" -> armed = true;
        case "soak go" -> {
          armed = false;
          held = false;
        }
        case "soak burst j 1000" -> {
          bursts.add(round);
          pending += 1_000;
        }
        case "soak held" -> {
          goOn();
          return Boolean.toString(held);
        }
        case "soak filled" -> {
          return "true";
        }
        default -> throw new IllegalArgumentException(line);
      }
      return "";
    }

    @Override
    public String log() {
      return String.join("\n", logged);
    }
  }

  private static TailSwap tails(Rounds node) {
    return new TailSwap(node, SLOT, "j");
  }

  /// Little is left at the end of the first round too, but that has carried the journal: the slot copies another one.
  @Test
  void theItemsComeAtTheEndOfTheRoundAfterWhichTheFenceComes() throws IOException {
    Rounds node = new Rounds(0, 40, 20, 5);
    TailSwap tails = tails(node);
    assertThat(tails.swap(1_000)).isEqualTo(new TailSwap.Pause(1, 1_020));
    assertThat(node.bursts).containsExactly(2);
    assertThat(tails.dropped()).isZero();
  }

  @Test
  void aRoundThatLeavesMuchIsNotTheLast() throws IOException {
    Rounds node = new Rounds(0, 200, 60, 70, 30, 5);
    assertThat(tails(node).swap(1_000).tailItems()).isEqualTo(1_005);
    assertThat(node.bursts).containsExactly(5);
  }

  @Test
  void aSwapWithAnotherTailDoesNotCount() throws IOException {
    Rounds node = new Rounds(3, 40, 20, 5);
    TailSwap tails = tails(node);
    assertThat(tails.swap(1_000)).isEqualTo(new TailSwap.Pause(4, 1_020));
    assertThat(tails.dropped()).isEqualTo(3);
    assertThat(tails.swap(1_000)).isEqualTo(new TailSwap.Pause(5, 1_020));
  }

  @Test
  void failsInOneLineWhereNoTailIsAsWanted() {
    Rounds node = new Rounds(Integer.MAX_VALUE, 40, 20, 5);
    assertThatThrownBy(() -> tails(node).swap(1_000)).isInstanceOf(IOException.class)
        .hasMessage("none of 20 swaps copied about 1000 items behind its fence, the last 20");
  }
}
