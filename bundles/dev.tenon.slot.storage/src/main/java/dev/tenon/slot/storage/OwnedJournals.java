package dev.tenon.slot.storage;

import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.role.Idempotent;
import dev.tenon.runtime.role.MemoryRead;
import dev.tenon.runtime.role.Unit;
import dev.tenon.runtime.role.Wait;
import dev.tenon.runtime.storage.FencedException;
import java.util.List;

/// The [JournalStore] that an instance of a slot above holds: its own journals only.
final class OwnedJournals implements JournalStore {
  private final JournalFacade facade;
  private final Namespace space;

  OwnedJournals(JournalFacade facade, Namespace space) {
    this.facade = facade;
    this.space = space;
  }

  @Override
  @Unit
  @Idempotent
  public Completion<Journal> journal(String name) {
    living();
    return facade.open(name, space);
  }

  @Override
  @Unit
  @Idempotent
  public Completion<List<String>> names() {
    living();
    return facade.names(space);
  }

  @Override
  @Unit
  @Idempotent
  public Completion<Boolean> remove(String name) {
    living();
    return facade.remove(name, space);
  }

  @Override
  @Wait
  public Completion<Long> whenActive() {
    return facade.whenActive();
  }

  @Override
  @MemoryRead
  public int itemBytesMax() {
    return facade.itemBytesMax();
  }

  @Override
  @MemoryRead
  public boolean signingOff() {
    return facade.signingOff();
  }

  @Override
  @MemoryRead
  public boolean isRecovered() { return facade.isRecovered(); }

  @Override
  @MemoryRead
  public boolean isActive() { return facade.isActive(); }

  private void living() {
    if (space.ended().getAsBoolean()) {
      throw new FencedException("slot " + space.owner().slot() + ": the instance has ended");
    }
  }
}
