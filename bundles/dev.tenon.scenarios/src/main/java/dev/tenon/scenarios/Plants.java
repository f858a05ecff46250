package dev.tenon.scenarios;

import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.slot.QueuedRole;
import java.util.function.UnaryOperator;

/// Where a test puts a faulty collaborator in place of the real one.
///
/// @param provider stands before each journal provider
/// @param journals stands before what each engine holds
/// @param role stands before each strategy
record Plants(UnaryOperator<JournalProvider> provider, UnaryOperator<JournalStore> journals,
    UnaryOperator<QueuedRole> role) {
  /// Everything as it is.
  static final Plants NONE = new Plants(UnaryOperator.identity(), UnaryOperator.identity());

  Plants(UnaryOperator<JournalProvider> provider, UnaryOperator<JournalStore> journals) {
    this(provider, journals, UnaryOperator.identity());
  }

  /// A faulty strategy in place of the real one.
  static Plants of(UnaryOperator<QueuedRole> role) {
    return new Plants(UnaryOperator.identity(), UnaryOperator.identity(), role);
  }
}
