package dev.tenon.slot;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Stopped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The calls in one cell of a tenure that a provider has taken and not answered. A provider may never answer; so who
/// asked holds a promise of the slot's own, which ends with the provider's answer or with the tenure, whichever comes
/// first.
final class Followed {
  /// One of them, in a list of its own so that it leaves it without a search.
  private final class Call<T> {
    private final Tenure<?> tenure;
    private final int stripe;
    private final Promise<T> promise;
    private @Nullable Call<?> before;
    private @Nullable Call<?> after;
    /// Under the lock: its lease is given back once, whatever a provider's completion does.
    private boolean answered;

    Call(Tenure<?> tenure, int stripe, Promise<T> promise) {
      this.tenure = tenure;
      this.stripe = stripe;
      this.promise = promise;
    }

    /// What a failure says is asked for first, for that is the provider's code; then the lease is given back, and then
    /// the answer is delivered.
    void answered(@Nullable Outcome<T> outcome) {
      end(outcome instanceof Outcome.Done<T> ? outcome
          : new Outcome.Failed<>(Leases.told(outcome instanceof Outcome.Failed<T>(var cause) ? cause : null)));
    }

    private void end(Outcome<T> told) {
      if (giveBack()) {
        promise.end(told);
      }
    }

    /// Alone where the caller itself has ended, and hears of nothing any more.
    ///
    /// @return false if it was before
    boolean giveBack() {
      boolean now = leave(this);
      if (now) {
        tenure.exit(stripe);
      }
      return now;
    }

    void ended() {
      promise.failed(new OutcomeUnknownException(
          "generation " + tenure.generation() + " has ended, and has not answered"));
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Call<?> first;
  private @Nullable Call<?> last;
  private boolean ended;

  /// @param stripe of the call, given back when the answer comes, however late, or where this throws
  /// @param promise ends with the answer, or with the tenure
  <T> void follow(Tenure<?> tenure, int stripe, Promise<T> promise, @Nullable Completion<T> owed) {
    Call<T> call = new Call<>(tenure, stripe, promise);
    try {
      if (!join(call)) {
        call.ended();
      }
    } finally { // on a strand that was given up no promise is ended, but the lease is given back all the same
      watch(call, owed);
    }
  }

  private static <T> void watch(Call<T> call, @Nullable Completion<T> owed) {
    if (owed == null) {
      call.end(new Outcome.Failed<>(new OutcomeUnknownException("the provider has given no answer")));
      return;
    }
    try {
      call.promise.onCancel(() -> giveUp(owed));
    } finally {
      hear(call, owed);
    }
  }

  private static <T> void hear(Call<T> call, Completion<T> owed) {
    try {
      owed.onEnd(call::answered);
    } catch (Stopped ended) {
      call.giveBack();
      throw ended;
    } catch (Throwable thrown) { // the same completion was given for another call, or it is of the provider's making
      call.end(new Outcome.Failed<>(Leases.told(thrown)));
    }
  }

  /// What a provider does then it does on the thread of who gives up, and throws there.
  private static void giveUp(Completion<?> owed) {
    try {
      owed.cancel();
    } catch (Stopped ended) {
      throw ended;
    } catch (Throwable thrown) {
      // It was a hint: the call is followed to its end.
    }
  }

  private boolean join(Call<?> call) {
    lock.lock();
    try {
      if (ended) {
        return false;
      }
      call.before = last;
      if (last == null) {
        first = call;
      } else {
        last.after = call;
      }
      last = call;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// @return false if it has left before
  private boolean leave(Call<?> call) {
    lock.lock();
    try {
      if (call.answered) {
        return false;
      }
      call.answered = true;
      if (ended) {
        return true; // it was told
      }
      Call<?> earlier = call.before;
      Call<?> later = call.after;
      if (earlier == null) {
        first = later;
      } else {
        earlier.after = later;
      }
      if (later == null) {
        last = earlier;
      } else {
        later.before = earlier;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Nobody knows what becomes of what is inside, or comes in late.
  void end() {
    List<Call<?>> left = new ArrayList<>();
    lock.lock();
    try {
      ended = true;
      for (Call<?> call = first; call != null; call = call.after) {
        left.add(call);
      }
      first = null;
      last = null;
    } finally {
      lock.unlock();
    }
    left.forEach(Call::ended);
  }
}
