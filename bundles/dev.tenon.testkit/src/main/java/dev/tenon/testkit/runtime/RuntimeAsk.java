package dev.tenon.testkit.runtime;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Runtime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// Asks once, as an actor, and waits for the outcome.
final class RuntimeAsk {
  private RuntimeAsk() {}

  static <T> Outcome<T> outcome(RuntimeBed bed, Runtime runtime, Supplier<Completion<T>> call) {
    List<Outcome<T>> answers = new CopyOnWriteArrayList<>();
    List<String> ended = new CopyOnWriteArrayList<>();
    runtime.spawn("ask", MailboxSpec.<Outcome<T>>oneLane(2), (Context<Outcome<T>> context) -> new Actor<>() {
      @Override
      public void start() {
        call.get().then(outcome -> outcome);
      }

      @Override
      public void handle(Outcome<T> outcome) {
        answers.add(outcome);
        context.stop();
      }

      @Override
      public void stopped() {
        ended.add("stopped");
      }

      @Override
      public void failed(Throwable cause) {
        ended.add("failed: " + cause);
      }
    });
    bed.until(() -> !ended.isEmpty());
    if (answers.isEmpty()) {
      throw new AssertionError("no outcome, the asker has " + ended);
    }
    return answers.getFirst();
  }

  /// Runs blocking code on a strand of its own; what it throws is thrown.
  static void blocking(RuntimeBed bed, Runtime runtime, Runnable task) {
    var strand = runtime.strand("blocking");
    Outcome<Boolean> outcome = outcome(bed, runtime, () -> strand.run("blocking", () -> {
      try {
        task.run();
      } catch (AssertionError failed) {
        throw new IllegalStateException(failed); // an error would end as a bug of the strand
      }
      return true;
    }));
    strand.giveUp();
    if (outcome instanceof Outcome.Failed<Boolean>(var cause)) {
      throw cause;
    }
  }
}
