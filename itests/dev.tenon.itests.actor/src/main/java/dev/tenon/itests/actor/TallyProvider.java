package dev.tenon.itests.actor;

import dev.tenon.runtime.Context;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.role.RoleActor;
import org.osgi.annotation.versioning.ConsumerType;

/// The implementer's side.
@ConsumerType
public interface TallyProvider {
  /// Opens.
  ///
  /// @param context what the instance gets
  /// @return in standby
  Instance open(OpenContext context);

  /// What was counted and summed.
  ///
  /// @param count of all that were told
  /// @param next number of the next sum
  /// @param sum the last one
  record Summary(long count, long next, long sum) {}

  /// Where an instance says what it has.
  @ConsumerType
  interface Outlet {
    /// It has counted.
    ///
    /// @param number the caller's
    void counted(long number);

    /// It sums up the next input.
    ///
    /// @param next number of the input, and of the sum
    /// @param sum the new one
    /// @return false if it has to be emitted again, later
    boolean emit(long next, long sum);
  }

  /// One that was opened.
  @ConsumerType
  interface Instance {
    /// Goes on from there.
    ///
    /// @param summary of who served before
    void load(Summary summary);

    /// What follows from one more input.
    ///
    /// @param next its number
    /// @return the new sum
    long feed(long next);

    /// Serves.
    ///
    /// @param context the actor's
    /// @param outlet where it says what it has
    /// @return the actor
    RoleActor<TallyMessage, Object, Summary> begin(Context<Object> context, Outlet outlet);
  }
}
