package dev.tenon.slot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An instance in standby that is rebuilt from what the one that serves has fetched. It says nothing: what it derives
/// is compared, and kept by it for when it serves. On its strand.
///
/// @param <I> what is fetched, of the contract
/// @param <O> what is emitted, of the contract
public interface Shadow<I, O> {
  /// What was derived.
  ///
  /// @param number of the output, from 0
  /// @param digest of all that it says
  record Derived(long number, long digest) {}

  /// Begins after an output that is safe. What was derived before is forgotten.
  ///
  /// @param next number of the first output to derive
  /// @param head the output before it; null where there is none
  /// @return number of the first input that it needs for that
  long reset(long next, @Nullable O head);

  /// Takes one more input.
  ///
  /// @param input the next one
  /// @return what follows from it, in order; nothing before the output that it was reset to
  List<Derived> feed(I input);
}
