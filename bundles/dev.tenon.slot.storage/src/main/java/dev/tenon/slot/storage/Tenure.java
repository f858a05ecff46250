package dev.tenon.slot.storage;

import dev.tenon.journal.JournalInstance;
import dev.tenon.runtime.storage.FencedException;
import org.jspecify.annotations.Nullable;

/// One provider's instance while the slot's strand may call it. Lets go of it when it is closed.
final class Tenure {
  private volatile @Nullable JournalInstance provider;
  private final int itemBytesMax;
  /// It is closed or was given up: it never serves again, whatever of it still runs. Under the family's lock.
  boolean fenced;

  Tenure(JournalInstance provider, int itemBytesMax) {
    this.provider = provider;
    this.itemBytesMax = itemBytesMax;
  }

  int itemBytesMax() {
    return itemBytesMax;
  }

  JournalInstance provider() {
    JournalInstance living = provider;
    if (living == null) {
      throw new FencedException("the instance is closed");
    }
    return living;
  }

  void close() {
    JournalInstance living = provider;
    provider = null;
    if (living != null) {
      living.close();
    }
  }
}
