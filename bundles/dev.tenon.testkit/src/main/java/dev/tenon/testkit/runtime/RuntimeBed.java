package dev.tenon.testkit.runtime;

import dev.tenon.runtime.Runtime;
import java.util.function.BooleanSupplier;

/// What a contract test needs of a runtime: nodes, and time that passes.
public interface RuntimeBed extends AutoCloseable {
  /// @param name of a node
  /// @return its runtime, always the same
  Runtime node(String name);

  /// Lets time pass until a condition holds; fails the test after a limit.
  ///
  /// @param done reads what the test sees; may be asked on any thread
  void until(BooleanSupplier done);

  /// Ends all nodes.
  @Override
  void close();
}
