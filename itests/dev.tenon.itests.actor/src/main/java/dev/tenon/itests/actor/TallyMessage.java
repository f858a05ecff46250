package dev.tenon.itests.actor;

import dev.tenon.runtime.role.Reply;

/// What lies in the slot's mailbox.
public sealed interface TallyMessage {
  /// A unit.
  ///
  /// @param number the caller's
  /// @param reply how many were counted
  record Add(long number, Reply<Long> reply) implements TallyMessage {}

  /// A wait.
  ///
  /// @param sums how many have to be emitted
  /// @param reply as many, or more
  record Await(long sums, Reply<Long> reply) implements TallyMessage {}
}
