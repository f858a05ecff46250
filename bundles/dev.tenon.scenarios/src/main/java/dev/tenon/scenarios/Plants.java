package dev.tenon.scenarios;

import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import java.util.function.UnaryOperator;

/// Where a test puts a faulty collaborator in place of the real one.
///
/// @param provider stands before each journal provider
/// @param journals stands before what each engine holds
record Plants(UnaryOperator<JournalProvider> provider, UnaryOperator<JournalStore> journals) {
  /// Everything as it is.
  static final Plants NONE = new Plants(UnaryOperator.identity(), UnaryOperator.identity());
}
