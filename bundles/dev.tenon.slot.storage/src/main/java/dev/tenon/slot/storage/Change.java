package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.slot.SlotUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One change of a journal: it has its place and is kept by the facade until it is durable. Neither expires nor fails.
/// Its handle uses it again for a later change, once neither the queue nor the strand looks at it any more.
final class Change extends SlotUnit {
  /// What it does.
  enum Kind {
    APPEND, REWIND, PRUNE
  }

  /// What it holds of the bound beside the item.
  private static final int OVERHEAD_BYTES = 64;

  final JournalHandle handle;
  Kind kind = Kind.APPEND;
  long section;
  long index;
  /// From 1, counted by its handle.
  long number;
  /// Null once durable: the owner then reads it from the provider.
  @Nullable
  Bytes item;
  private int bytes;
  /// The owner's: a later rewind has dropped it.
  boolean rewound;
  /// Written and, once its tenure is fenced, read under the family's lock or after it.
  boolean kept;

  Change(JournalHandle handle) {
    this.handle = handle;
  }

  /// What it is, before it is offered. The queue's lock makes it seen.
  Change be(Kind what, long inSection, long atIndex, long asNumber, @Nullable Bytes with) {
    renew();
    if (kind != what) {
      kind = what; // a store of a reference into an old object is a fence to the collector
    }
    section = inSection;
    index = atIndex;
    number = asNumber;
    item = with;
    bytes = with == null ? OVERHEAD_BYTES : OVERHEAD_BYTES + with.size();
    rewound = false;
    kept = false;
    return this;
  }

  @Override
  public int bytes() {
    return bytes;
  }

  @Override
  public void run(Object instance) {
    Tenure tenure = (Tenure) instance;
    if (handle.family().keep(tenure, this)) {
      apply(tenure.provider());
    }
  }

  /// Does it, for the first time or again.
  void apply(JournalInstance provider) {
    switch (kind) {
      case APPEND -> provider.append(handle.key(), section, index, List.of(Objects.requireNonNull(item)));
      case REWIND -> provider.rewind(handle.key(), section, index);
      case PRUNE -> provider.prune(handle.key(), section);
    }
  }

  /// Not kept if its handle was closed by a later one.
  @Override
  public boolean isKept() { return kept; }

  /// It has its address: applied again it changes nothing more.
  @Override
  public boolean isIdempotent() { return true; }

  @Override
  public boolean expires() {
    return false;
  }

  @Override
  public void deliver() {}

  @Override
  public void fail(RuntimeException cause) {}
}
