package dev.tenon.itests.actor;

import dev.tenon.runtime.Completion;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/// What a caller holds. Nothing blocks.
@ProviderType
public interface Tally {
  /// Counts one more. A unit.
  ///
  /// @param number the caller's
  /// @return how many were counted by who has answered
  Completion<Long> add(long number);

  /// A wait: until so many sums were emitted.
  ///
  /// @param sums how many
  /// @return as many, or more
  Completion<Long> await(long sums);

  /// Which numbers were counted, in order, each with the generation that has counted it.
  ///
  /// @return immutable
  List<Counted> counted();

  /// All sums that were delivered, in order. They count as safe at once.
  ///
  /// @return immutable
  List<Long> sums();

  /// @param number the caller's
  /// @param generation the slot's
  record Counted(long number, long generation) {}
}
