package dev.tenon.slot.storage;

import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.role.MemoryRead;
import dev.tenon.runtime.role.Unit;
import dev.tenon.runtime.role.Wait;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotUnavailableException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The [JournalStore] that engines hold.
final class JournalFacade implements JournalStore {
  private final SlotPort port;
  private final JournalFamily family;

  JournalFacade(SlotPort port, JournalFamily family) {
    this.port = port;
    this.family = family;
  }

  @Override
  @Unit
  public Completion<Journal> journal(String name) {
    named(name);
    return ask(port, new Open(port.promise(), family, name));
  }

  @Override
  @Unit
  public Completion<List<String>> names() {
    return ask(port, new Names(port.promise(), family));
  }

  @Override
  @Unit
  public Completion<Boolean> remove(String name) {
    named(name);
    return ask(port, new Remove(port.promise(), family, name));
  }

  @Override
  @Wait
  public Completion<Long> whenActive() {
    return port.whenActive();
  }

  @Override
  @MemoryRead
  public int itemBytesMax() {
    return family.itemBytesMax();
  }

  @Override
  @MemoryRead
  public boolean signingOff() {
    return port.signingOff();
  }

  @Override
  @MemoryRead
  public boolean isActive() {
    SlotState state = port.state();
    return state == SlotState.ACTIVE || state == SlotState.PREPARING;
  }

  /// Puts a unit with a caller into the queue; where it is full its completion ends at once.
  static <T> Completion<T> ask(SlotPort port, Asked<T> unit) {
    Promise<T> promise = unit.promise();
    if (port.offer(unit)) {
      promise.onCancel(() -> port.withdraw(unit));
    } else {
      promise.failed(new SlotUnavailableException(port.name().toString(), port.state(), "the queue is full"));
    }
    return promise.completion();
  }

  private static void named(String name) {
    if (!name.matches("[A-Za-z0-9_-]{1,200}") || name.equals("_tenon")) {
      throw new IllegalArgumentException("a journal is named [A-Za-z0-9_-]{1,200}, not _tenon: " + name);
    }
  }

  private static final class Open extends Asked<Journal> {
    private final JournalFamily family;
    private final String name;
    private @Nullable JournalHandle handle;

    Open(Promise<Journal> promise, JournalFamily family, String name) {
      super(promise);
      this.family = family;
      this.name = name;
    }

    @Override
    public void run(Object instance) {
      telling(() -> handle = family.open((Tenure) instance, name));
    }

    @Override
    public boolean wantsSync() {
      return true;
    }

    @Override
    Journal answer() {
      JournalHandle opened = Objects.requireNonNull(handle);
      opened.begin(family.durable(name));
      return opened;
    }
  }

  private static final class Names extends Asked<List<String>> {
    private final JournalFamily family;
    private List<String> names = List.of();

    Names(Promise<List<String>> promise, JournalFamily family) {
      super(promise);
      this.family = family;
    }

    @Override
    public void run(Object instance) {
      names = family.names();
    }

    @Override
    List<String> answer() {
      return names;
    }
  }

  private static final class Remove extends Asked<Boolean> {
    private final JournalFamily family;
    private final String name;
    private boolean wasThere;

    Remove(Promise<Boolean> promise, JournalFamily family, String name) {
      super(promise);
      this.family = family;
      this.name = name;
    }

    /// A second attempt finds it gone; what the first one found counts.
    @Override
    public void run(Object instance) {
      wasThere |= family.names().contains(name);
      family.remove((Tenure) instance, name);
    }

    @Override
    Boolean answer() {
      return wasThere;
    }
  }
}
