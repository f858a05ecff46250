package dev.tenon.runtime;

import dev.tenon.codec.Check;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// The shape of a mailbox.
///
/// @param <M> the messages
/// @param lanes 1 to 16
/// @param laneCapacity messages a lane, a power of two from 2 to 65,536
/// @param laneOf from 0, the lane of a message; pure
/// @param whenFull what its lane does when full; pure
public record MailboxSpec<M>(int lanes, int laneCapacity, ToIntFunction<M> laneOf, Function<M, WhenFull> whenFull) {
  /// Checks the bounds.
  public MailboxSpec {
    Check.that(lanes >= 1 && lanes <= 16, "1 to 16 lanes");
    Check.that(laneCapacity >= 2 && laneCapacity <= 65_536 && Integer.bitCount(laneCapacity) == 1,
        "a lane's capacity is a power of two from 2 to 65,536");
  }

  /// @param <M> the messages
  /// @param laneCapacity a power of two
  /// @return one lane that rejects when full
  public static <M> MailboxSpec<M> oneLane(int laneCapacity) {
    return new MailboxSpec<>(1, laneCapacity, message -> 0, message -> WhenFull.REJECT);
  }
}
