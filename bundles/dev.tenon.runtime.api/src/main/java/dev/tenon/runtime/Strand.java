package dev.tenon.runtime;

import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// A serial executor on which blocking is allowed. Tasks start in the order of submission, one at a time, with
/// happens-before between them.
public interface Strand {
  /// @param <T> the answer
  /// @param step names the kind of task; part of the trace
  /// @param task blocking code; what it throws becomes [Outcome.Failed]
  /// @return ends when the task has ended
  <T> Completion<T> run(String step, Supplier<T> task);

  /// Waits for what another actor or slot owes. Only inside a task of this strand.
  ///
  /// @param <T> the answer
  /// @param owed made by this task, with no [Completion#then]
  /// @param timeoutMs above 0
  /// @return the value of [Outcome.Done]; the cause of [Outcome.Failed] is thrown
  /// @throws TimeoutException when the time has passed; `owed` is then cancelled
  /// @throws UnavailableException at once, if as many strands of the process wait as it allows; `owed` goes on
  <T> T await(Completion<T> owed, long timeoutMs) throws TimeoutException;

  /// Ends the strand: tasks not started, and those given to it later, fail with [UnavailableException]. A running one
  /// fails with [OutcomeUnknownException], and each of its later runtime calls throws [Stopped]. Returns at once.
  void giveUp();

  /// What its task does at this moment, for whoever looks for a call that does not end. Any thread; returns at once.
  ///
  /// @param framesMax of its stack at most so many frames, above 0
  /// @return the step, then its frames, the innermost first; empty while no task runs. A simulated strand tells no
  ///     frames, on which a run must not depend
  List<String> doing(int framesMax);
}
