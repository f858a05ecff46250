package dev.tenon.testkit.journal;

import dev.tenon.runtime.role.OpenContext;
import java.util.function.Function;

/// Where a contract test's blocking code runs: one location of one node, which lasts as long as the host.
public interface JournalHost extends AutoCloseable {
  /// Runs a body as a task of a strand.
  ///
  /// @param <T> the value
  /// @param body gets a new context of the same location
  /// @return its value; what it throws is thrown
  <T> T run(Function<OpenContext, T> body);

  @Override
  void close();
}
