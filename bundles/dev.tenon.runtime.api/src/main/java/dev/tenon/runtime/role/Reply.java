package dev.tenon.runtime.role;

import org.osgi.annotation.versioning.ProviderType;

/// Where a provider's actor puts the answer to a message. Belongs to one generation: once that has ended nothing counts
/// that is put here. Any thread.
///
/// @param <V> the answer, a class of the contract or of the JDK
@ProviderType
public interface Reply<V> {
  /// Answers.
  ///
  /// @param value immutable
  /// @return whether it counts: it is the first, and the generation has not ended
  boolean done(V value);

  /// Answers that there is none.
  ///
  /// @param cause its type and text are kept, and nothing else of it
  /// @return whether it counts
  boolean failed(RuntimeException cause);

  /// Whether somebody still waits for it. What nobody waits for has to be answered all the same.
  ///
  /// @return false after the asker has given up or the generation has ended
  boolean isWanted();
}
