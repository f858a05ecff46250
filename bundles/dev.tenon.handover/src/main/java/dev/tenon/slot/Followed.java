package dev.tenon.slot;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
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

    Call(Tenure<?> tenure, int stripe, Promise<T> promise) {
      this.tenure = tenure;
      this.stripe = stripe;
      this.promise = promise;
    }

    /// The lease is given back before the answer is delivered.
    void answered(Outcome<T> outcome) {
      tenure.exit(stripe);
      leave(this);
      promise.end(outcome);
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

  /// @param stripe of the call, given back when the answer comes, however late
  /// @param promise ends with the answer, or with the tenure
  <T> void follow(Tenure<?> tenure, int stripe, Promise<T> promise, Completion<T> owed) {
    Call<T> call = new Call<>(tenure, stripe, promise);
    try {
      if (!join(call)) {
        call.ended();
      }
    } finally { // on a strand that was given up no promise is ended, but the lease is given back all the same
      promise.onCancel(owed::cancel);
      owed.onEnd(call::answered);
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

  private void leave(Call<?> call) {
    lock.lock();
    try {
      if (ended) {
        return; // it was told
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
