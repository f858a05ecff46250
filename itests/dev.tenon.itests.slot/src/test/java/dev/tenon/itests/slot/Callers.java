package dev.tenon.itests.slot;

import static org.junit.Assert.assertEquals;

import dev.tenon.itests.ledger.Counting;
import dev.tenon.itests.support.Await;
import java.util.List;

/// Callers of slots, who compare what they read with what they were answered.
///
/// @param all of them
record Callers(List<Counting> all) implements AutoCloseable {
  Callers(Counting... all) {
    this(List.of(all));
  }

  /// Waits until each was answered more often.
  void awaitMore(int more) {
    for (Counting caller : all) {
      long enough = caller.answered() + more;
      Await.until("a caller is answered: " + caller.failure(), Watched.SECONDS_MAX,
          () -> caller.answered() >= enough || caller.isWrong());
      caller.reads();
    }
  }

  /// Waits until each has read everything, and found all that it was answered.
  void readAgain() {
    for (Counting caller : all) {
      int enough = caller.reads() + 1;
      caller.readAgain();
      Await.until("a caller reads: " + caller.failure(), Watched.SECONDS_MAX,
          () -> caller.isWrong() || caller.reads() >= enough);
      caller.reads();
    }
  }

  void assertNoFailure() {
    for (Counting caller : all) {
      assertEquals("a handover is delay, no error: " + caller.failure(), 0, caller.failures());
    }
  }

  @Override
  public void close() {
    all.forEach(Counting::stop);
  }
}
