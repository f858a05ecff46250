package dev.tenon.broadcast;

/// What a [Reporter] hears: `u8 tag ‖ body`.
public sealed interface Activity {
  /// Tag 0: the application found the current tip valid. Repeats.
  ///
  /// @param proposal the tip
  record Tip(Proposal proposal) implements Activity {}

  /// Tag 1: a certificate was newly stored.
  ///
  /// @param lock the certificate with its chunk
  record Locked(Lock lock) implements Activity {}
}
