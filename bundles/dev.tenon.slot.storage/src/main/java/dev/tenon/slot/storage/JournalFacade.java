package dev.tenon.slot.storage;

import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.role.Idempotent;
import dev.tenon.runtime.role.MemoryRead;
import dev.tenon.runtime.role.Unit;
import dev.tenon.runtime.role.Wait;
import dev.tenon.slot.SlotPort;
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
  @Idempotent
  public Completion<Journal> journal(String name) {
    return open(name, null);
  }

  @Override
  @Unit
  @Idempotent
  public Completion<List<String>> names() {
    return names(null);
  }

  @Override
  @Unit
  @Idempotent
  public Completion<Boolean> remove(String name) {
    return remove(name, null);
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
  public boolean isRecovered() { return port.isRecovered(); }

  @Override
  @MemoryRead
  public boolean isActive() { return port.state().isServing(); }

  // The same for an instance of a slot above.

  Completion<Journal> open(String name, @Nullable Namespace space) {
    named(name, space);
    return ask(port, new Open(port.promise(), family, name, space));
  }

  Completion<List<String>> names(@Nullable Namespace space) {
    return ask(port, new Names(port.promise(), family, space));
  }

  Completion<Boolean> remove(String name, @Nullable Namespace space) {
    named(name, space);
    return ask(port, new Remove(port.promise(), family, name, space));
  }

  private static String key(String name, @Nullable Namespace space) {
    return space == null ? name : space.prefix() + name;
  }

  /// Puts a unit with a caller into the queue; where it is full its completion ends at once.
  static <T> Completion<T> ask(SlotPort port, Asked<T> unit) {
    Promise<T> promise = unit.promise();
    if (port.offer(unit)) {
      promise.onCancel(() -> port.withdraw(unit));
    } else {
      promise.failed(new SlotUnavailableException(port.name().toString(), port.state(),
          port.reason().isEmpty() ? "the queue is full" : port.reason()));
    }
    return promise.completion();
  }

  private static void named(String name, @Nullable Namespace space) {
    String key = key(name, space);
    boolean taken = key.equals("_tenon") || (space == null && key.startsWith(Namespace.RESERVED));
    if (!key.matches("[A-Za-z0-9_-]{1,200}") || taken) {
      throw new IllegalArgumentException("a journal is named [A-Za-z0-9_-]{1,200}, neither _tenon nor _o_...: " + key);
    }
  }

  private static final class Open extends Asked<Journal> {
    private final JournalFamily family;
    private final String key;
    private @Nullable JournalHandle handle;

    Open(Promise<Journal> promise, JournalFamily family, String name, @Nullable Namespace space) {
      super(promise, space);
      this.family = family;
      this.key = key(name, space);
    }

    @Override
    public void run(Object instance) {
      telling(() -> handle = family.open((Tenure) instance, key, space()));
    }

    @Override
    public boolean wantsSync() {
      return true;
    }

    @Override
    Journal answer() {
      JournalHandle opened = Objects.requireNonNull(handle);
      opened.begin(family.durable(key));
      return opened;
    }
  }

  private static final class Names extends Asked<List<String>> {
    private final JournalFamily family;
    private List<String> names = List.of();

    Names(Promise<List<String>> promise, JournalFamily family, @Nullable Namespace space) {
      super(promise, space);
      this.family = family;
    }

    @Override
    public void run(Object instance) {
      names = family.names(space());
    }

    @Override
    List<String> answer() {
      return names;
    }
  }

  private static final class Remove extends Asked<Boolean> {
    private final JournalFamily family;
    private final String key;
    private boolean wasThere;

    Remove(Promise<Boolean> promise, JournalFamily family, String name, @Nullable Namespace space) {
      super(promise, space);
      this.family = family;
      this.key = key(name, space);
    }

    /// A second attempt finds it gone; what the first one found counts.
    @Override
    public void run(Object instance) {
      refusing(() -> {
        wasThere |= family.has(key);
        family.remove((Tenure) instance, key, space());
      });
    }

    @Override
    Boolean answer() {
      return wasThere;
    }
  }
}
