package dev.tenon.runtime;

/// Spreads what many threads count over cells, so that they do not pass one cache line around. Which cell a thread
/// counts in has no meaning: any number is right, equal ones are only slower.
public interface Stripes {
  /// How many cells are worth having.
  ///
  /// @return a power of two, always the same
  int count();

  /// A number of the current thread; the same whenever it asks.
  ///
  /// @return any number, to be cut to the cells there are
  int current();
}
