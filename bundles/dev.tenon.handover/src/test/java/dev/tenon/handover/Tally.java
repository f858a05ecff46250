package dev.tenon.handover;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.role.Reply;
import dev.tenon.runtime.role.RoleActor;
import dev.tenon.slot.Shadow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A small actor role for tests. It counts what it is told, and derives outputs from blocks that it fetches, the next
/// ones no further than [#AHEAD] beyond the safe head.
interface Tally {
  /// Outputs that may be emitted beyond the safe head.
  int AHEAD = 4;

  /// What lies in the slot's mailbox.
  sealed interface Message {
    /// A unit, numbered by its caller.
    record Add(int caller, int number, Reply<Long> reply) implements Message {}

    /// One that nobody waits for.
    record Word(int caller, int number) implements Message {}

    /// A wait: answered once all outputs below were emitted.
    record Await(long next, Reply<Long> reply) implements Message {}

    /// The safe head has moved.
    record Safe(long next) implements Message {}

    /// What must not be: an actor's own one. Only with a planted fault.
    record Mine(Object own) implements Message {}
  }

  /// What is derived.
  ///
  /// @param number from 0
  /// @param input the block that it follows from
  /// @param place among those of that block, from 0
  /// @param sum of all before it and its own
  record Output(long number, long input, int place, long sum) {}

  /// What a seal is answered with.
  ///
  /// @param count units and words that were counted
  /// @param nextInput the next block to fetch
  /// @param last the last output that was derived
  /// @param pending those that were derived and not emitted
  record Summary(long count, long nextInput, @Nullable Output last, List<Output> pending) {}

  /// Where it says what it has.
  interface Outlet {
    /// A block was fetched.
    void fetched(long number, long block);

    /// @return whether it may go on
    boolean emit(Output output);

    /// The first output that was not delivered yet.
    long deliveredNext();

    long safeNext();

    Completion<Long> fetch(long number);

    /// An own message has come.
    ///
    /// @return whether it is to be handled now, as it should
    boolean mine(Object own);
  }

  /// One that was opened, and is a shadow until it begins.
  interface Instance extends Shadow<Long, Output> {
    /// Goes on from where another one has come to rest.
    void load(Summary summary);

    RoleActor<Message, Object, Summary> begin(Context<Object> context, Outlet outlet);

    void seal();

    void close();
  }

  interface Provider {
    Instance open(OpenContext context);
  }
}
