package dev.tenon.itests.ledger;

import dev.tenon.runtime.Completion;
import java.util.List;

/// What callers hold: numbers that writers put down, in the order in which they did.
public interface Ledger {
  /// Puts down a number. Durable when done; where it fails nothing is known of it.
  ///
  /// @param writer `[a-z0-9]+`
  /// @param number any
  /// @return true
  Completion<Boolean> put(String writer, long number);

  /// Everything that a writer has put down and that is durable.
  ///
  /// @param writer as above
  /// @return in its order
  Completion<List<Long>> all(String writer);
}
