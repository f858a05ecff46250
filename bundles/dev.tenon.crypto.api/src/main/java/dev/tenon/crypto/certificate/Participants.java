package dev.tenon.crypto.certificate;

import dev.tenon.codec.Check;
import dev.tenon.crypto.PublicKey;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/// The identity keys of an epoch, ascending and unique. A participant's index is its place, from 0.
public final class Participants {
  private final List<PublicKey> keys;

  private Participants(List<PublicKey> keys) {
    this.keys = keys;
  }

  /// Sorts keys.
  ///
  /// @param keys at least one, each once
  /// @return the set
  public static Participants of(Collection<PublicKey> keys) {
    List<PublicKey> sorted = keys.stream().sorted().toList();
    Check.that(!sorted.isEmpty(), "an epoch has a participant");
    for (int i = 1; i < sorted.size(); i++) {
      Check.that(!sorted.get(i - 1).equals(sorted.get(i)), "a participant is named once");
    }
    return new Participants(sorted);
  }

  /// How many there are.
  ///
  /// @return 1 or more
  public int count() {
    return keys.size();
  }

  /// The key at an index.
  ///
  /// @param index 0 to `count() - 1`
  /// @return the key
  public PublicKey key(int index) {
    return keys.get(index);
  }

  /// The index of a key.
  ///
  /// @param key any
  /// @return its index, or -1
  public int indexOf(PublicKey key) {
    int found = Collections.binarySearch(keys, key);
    return found < 0 ? -1 : found;
  }

  /// All keys, ascending.
  ///
  /// @return immutable
  public List<PublicKey> keys() {
    return keys;
  }

  /// How many must attest: n − ⌊(n − 1) / 3⌋.
  ///
  /// Source: commonware v2026.5.0, utils/src/faults.rs (N3f1).
  ///
  /// @return 1 to `count()`
  public int quorum() {
    return count() - (count() - 1) / 3;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Participants participants && keys.equals(participants.keys);
  }

  @Override
  public int hashCode() {
    return keys.hashCode();
  }
}
