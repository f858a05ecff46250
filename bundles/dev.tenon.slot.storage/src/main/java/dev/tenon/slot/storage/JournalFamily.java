package dev.tenon.slot.storage;

import dev.tenon.codec.ConfigException;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.OpenReport;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.QueuedTransfer;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.StackedFacade;
import dev.tenon.slot.StoreOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The strand's side of a journal slot: knows what is durable, keeps what is not, and applies it again after a provider
/// has failed. Its books are written under a lock and only for the tenure that serves, so that a late call of a fenced
/// one changes nothing.
final class JournalFamily implements StackedFacade {
  /// Kept changes from which on a sync is due though nobody waits for one.
  private static final int KEPT_UNITS_MAX = 8_192;

  private final SlotPort port;
  private final JournalFacade facade;
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<String, Mirror> mirrors = new TreeMap<>();
  /// Made since the last sync, some of them taken back or removed since.
  private final List<Mirror> made = new ArrayList<>();
  /// Changes run and not yet durable, in their order.
  private final List<Change> kept = new ArrayList<>();
  private long keptBytes;
  private @Nullable Tenure current;
  /// Notes what changes while another instance is filled. Set on the strand and used there.
  private @Nullable JournalTransfer transfer;
  /// Whether a first provider has said what there is.
  private boolean known;
  /// The highest generation that has opened the journals of a location of a slot above. Under the lock.
  private final Map<String, Long> owners = new TreeMap<>();
  private volatile int itemBytesMax = Integer.MAX_VALUE; // no provider has said it yet

  JournalFamily(SlotPort port) {
    this.port = port;
    this.facade = new JournalFacade(port, this);
  }

  @Override
  public Object service() {
    return facade;
  }

  int itemBytesMax() {
    return itemBytesMax;
  }

  @Override
  public Object open(Object provider, OpenContext context) {
    JournalProvider journals = (JournalProvider) provider;
    return new Tenure(journals.open(context), journals.describe().itemBytesMax());
  }

  @Override
  public void resume(Object instance) {
    Tenure tenure = (Tenure) instance;
    JournalInstance provider = tenure.provider();
    Map<String, OpenReport.Found> found = new TreeMap<>();
    for (OpenReport.Found journal : provider.report().journals()) {
      found.put(journal.name(), journal);
    }
    provider.activate();
    List<Mirror> before;
    List<Change> again;
    lock.lock();
    try {
      serve(tenure);
      if (!known) {
        known = true;
        found.forEach((name, journal) -> mirrors.put(name, new Mirror(name, SectionTable.of(journal), true)));
      }
      before = List.copyOf(mirrors.values());
      again = List.copyOf(kept);
    } finally {
      lock.unlock();
    }
    for (Mirror mirror : before) {
      if (mirror.removing) {
        provider.remove(mirror.name);
        forget(tenure, mirror.name);
      } else if (!mirror.created && !found.containsKey(mirror.name)) {
        // Nobody has a handle of it, for that is given after the sync that books it as created: no change is kept for
        // it, and whoever still waits for it asks again. Made here, one that cannot be made would keep out all others.
        forget(tenure, mirror.name);
      } else {
        new Reapply(mirror, again).to(tenure, found.get(mirror.name));
      }
    }
    sync(tenure);
  }

  @Override
  public QueuedTransfer transfer(Object from) {
    Tenure tenure = (Tenure) from;
    JournalTransfer begun = new JournalTransfer(tenure.provider().report());
    lock.lock();
    try {
      serving(tenure);
      transfer = begun;
    } finally {
      lock.unlock();
    }
    return begun;
  }

  @Override
  public void endTransfer() {
    lock.lock();
    try {
      transfer = null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void adopt(Object instance) {
    Tenure tenure = (Tenure) instance;
    tenure.provider().activate();
    lock.lock();
    try {
      serve(tenure);
      transfer = null;
    } finally {
      lock.unlock();
    }
    allDurable(tenure); // carried over and made durable before the record was written
  }

  @Override
  public List<String> known() {
    lock.lock();
    try {
      return mirrors.values().stream().map(mirror -> "journal " + mirror.name + mirror.durable.tail()).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean wantsSync() {
    lock.lock();
    try {
      return keptBytes > port.heldBytesMax() / 4
          || kept.size() >= Math.min(KEPT_UNITS_MAX, port.heldUnitsMax() / 4);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void sync(Object instance) {
    Tenure tenure = (Tenure) instance;
    tenure.provider().sync();
    allDurable(tenure);
  }

  /// Books all that was run as durable.
  private void allDurable(Tenure tenure) {
    int units;
    long bytes;
    lock.lock();
    try {
      serving(tenure);
      JournalHandle handle = null;
      long number = 0;
      for (Change change : kept) {
        Mirror mirror = mirrors.get(change.handle.key());
        if (mirror != null) {
          note(mirror.durable, change);
        }
        if (handle != null && handle != change.handle) {
          handle.durable(number);
        }
        handle = change.handle;
        number = change.number;
        change.item = null;
      }
      if (handle != null) {
        handle.durable(number); // once for all in a row: its owner looks at it
      }
      made.forEach(mirror -> mirror.created = true);
      made.clear();
      units = kept.size();
      bytes = keptBytes;
      kept.clear();
      keptBytes = 0;
    } finally {
      lock.unlock();
    }
    port.release(units, bytes);
  }

  @Override
  public void seal(Object instance) {
    sync(instance);
    ((Tenure) instance).provider().seal();
  }

  @Override
  public void fence(Object instance) {
    lock.lock();
    try {
      ((Tenure) instance).fenced = true;
      if (current == instance) {
        current = null;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close(Object instance) {
    ((Tenure) instance).close();
  }

  // For slots above.

  @Override
  public Object lend(StoreOwner owner, BooleanSupplier ended) {
    return new OwnedJournals(facade, new Namespace(owner, ended));
  }

  @Override
  public Completion<Boolean> own(StoreOwner owner, BooleanSupplier ended, boolean fresh, List<String> there) {
    return JournalFacade.ask(port,
        new Owning.Begin(port.promise(), this, new Namespace(owner, ended), fresh, List.copyOf(there)));
  }

  @Override
  public boolean forget(String location) {
    return port.offer(new Owning.Forget(this, location));
  }

  /// Ends what instances of lower generations have open, and removes what nobody has any more.
  ///
  /// @param there the locations of the owner's slot
  void own(Tenure tenure, Namespace space, boolean fresh, List<String> there) {
    lock.lock();
    try {
      serving(tenure);
      owning(space);
      // Of a location that is gone each instance has ended.
      owners.keySet().removeIf(location -> Namespace.prefix(location).startsWith(space.prefixOfSlot())
          && !there.contains(location));
      owners.put(space.owner().location(), space.owner().generation());
      for (Mirror mirror : mirrors.tailMap(space.prefix()).values()) {
        if (!mirror.name.startsWith(space.prefix())) {
          break;
        }
        JournalHandle before = mirror.handle;
        if (before != null) {
          before.close();
          mirror.handle = null;
        }
      }
    } finally {
      lock.unlock();
    }
    if (fresh) {
      removeAll(tenure, space.prefix());
    }
    List<String> stay = new ArrayList<>(there.stream().map(Namespace::prefix).toList());
    stay.add(space.prefix());
    removeAll(tenure, space.prefixOfSlot(), stay);
  }

  void removeAll(Tenure tenure, String prefix) {
    removeAll(tenure, prefix, List.of());
  }

  /// @param stay prefixes of what is not removed
  private void removeAll(Tenure tenure, String prefix, List<String> stay) {
    List<String> gone;
    lock.lock();
    try {
      gone = mirrors.tailMap(prefix).keySet().stream().takeWhile(name -> name.startsWith(prefix))
          .filter(name -> stay.stream().noneMatch(name::startsWith)).toList();
    } finally {
      lock.unlock();
    }
    gone.forEach(name -> remove(tenure, name, null));
  }

  /// Under the lock.
  ///
  /// @throws FencedOwnerException if a later instance has the journals of the location, or nothing of this one counts
  private void owning(@Nullable Namespace space) {
    if (space != null && (space.ended().getAsBoolean()
        || owners.getOrDefault(space.owner().location(), 0L) > space.owner().generation())) {
      throw new FencedOwnerException(
          "slot " + port.name() + ": a later instance of slot " + space.owner().slot() + " has what it asks for");
    }
  }

  // For units, on the strand.

  /// Books a change before the provider is asked.
  ///
  /// @return false if its handle was closed by a later one: it is dropped
  boolean keep(Tenure tenure, Change change) {
    lock.lock();
    try {
      serving(tenure);
      Mirror mirror = mirrors.get(change.handle.key());
      if (mirror == null || mirror.handle != change.handle || change.handle.isFenced()) {
        return false;
      }
      kept.add(change);
      change.kept = true;
      keptBytes += change.bytes();
      if (transfer != null) {
        transfer.changed(change);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Whether a handle is the journal's newest.
  boolean isNewest(JournalHandle handle) {
    lock.lock();
    try {
      Mirror mirror = mirrors.get(handle.key());
      return mirror != null && mirror.handle == handle;
    } finally {
      lock.unlock();
    }
  }

  /// Makes the journal where it is absent, and a handle that closes the one before.
  ///
  /// @throws CorruptionException if something that is no journal stands in its place; nothing is changed
  /// @throws RefusedNameException if the provider refuses the name; nothing is changed. It would refuse it as often as
  ///     it is opened
  JournalHandle open(Tenure tenure, String name, @Nullable Namespace space) {
    JournalHandle handle = new JournalHandle(name, space, port, this);
    boolean absent;
    lock.lock();
    try {
      serving(tenure);
      owning(space);
      Mirror mirror = mirrors.get(name);
      absent = mirror == null;
      if (mirror == null) {
        mirror = new Mirror(name, new SectionTable(), false);
        mirrors.put(name, mirror);
        made.add(mirror);
      }
      JournalHandle before = mirror.handle;
      if (before != null) {
        before.close();
      }
      mirror.handle = handle;
      if (transfer != null) {
        transfer.created(name);
      }
    } finally {
      lock.unlock();
    }
    try {
      tenure.provider().create(name);
    } catch (CorruptionException damage) {
      unmake(tenure, name, absent);
      throw damage;
    } catch (IllegalArgumentException | ConfigException refusal) { // its text only: it holds the provider's classes
      unmake(tenure, name, absent);
      throw new RefusedNameException("journal " + name + " is refused: " + refusal.getMessage());
    }
    return handle;
  }

  /// @param absent whether it was not there before
  private void unmake(Tenure tenure, String name, boolean absent) {
    if (!absent) {
      return;
    }
    lock.lock();
    try {
      serving(tenure);
      mirrors.remove(name);
      if (transfer != null) {
        transfer.removed(name);
      }
    } finally {
      lock.unlock();
    }
  }

  /// What is durable of a journal now.
  SectionTable durable(String name) {
    lock.lock();
    try {
      Mirror mirror = mirrors.get(name);
      return mirror == null ? new SectionTable() : new SectionTable(mirror.durable);
    } finally {
      lock.unlock();
    }
  }

  /// @param space null for those of engines
  List<String> names(@Nullable Namespace space) {
    String prefix = space == null ? "" : space.prefix();
    lock.lock();
    try {
      return mirrors.keySet().stream()
          .filter(name -> space == null ? !name.startsWith(Namespace.RESERVED) : name.startsWith(prefix))
          .map(name -> name.substring(prefix.length())).toList();
    } finally {
      lock.unlock();
    }
  }

  boolean has(String name) {
    lock.lock();
    try {
      return mirrors.containsKey(name);
    } finally {
      lock.unlock();
    }
  }

  /// @return whether it was there
  boolean remove(Tenure tenure, String name, @Nullable Namespace space) {
    lock.lock();
    try {
      serving(tenure);
      owning(space);
      Mirror mirror = mirrors.get(name);
      if (mirror == null) {
        return false;
      }
      mirror.removing = true;
    } finally {
      lock.unlock();
    }
    tenure.provider().remove(name);
    forget(tenure, name);
    return true;
  }

  private void forget(Tenure tenure, String name) {
    int units = 0;
    long bytes = 0;
    lock.lock();
    try {
      serving(tenure);
      Mirror mirror = mirrors.remove(name);
      if (mirror != null && mirror.handle != null) {
        mirror.handle.close();
      }
      Predicate<Change> gone = change -> change.handle.key().equals(name);
      for (Change change : kept) {
        if (gone.test(change)) {
          units++;
          bytes += change.bytes();
        }
      }
      if (transfer != null) {
        transfer.removed(name);
      }
      kept.removeIf(gone);
      keptBytes -= bytes;
    } finally {
      lock.unlock();
    }
    port.release(units, bytes);
  }

  /// Its activation may end long after it was given up, when a later one serves.
  private void serve(Tenure tenure) {
    if (tenure.fenced) {
      throw new FencedException("slot " + port.name() + ": the instance was given up");
    }
    current = tenure;
    itemBytesMax = tenure.itemBytesMax();
  }

  private void serving(Tenure tenure) {
    if (current != tenure) {
      throw new FencedException("slot " + port.name() + ": a later instance serves");
    }
  }

  static void note(SectionTable table, Change change) {
    switch (change.kind) {
      case APPEND -> {
        if (Long.compareUnsigned(change.section, table.floor()) >= 0) {
          table.append(change.section, 1);
        }
      }
      case REWIND -> table.rewind(change.section, change.index);
      case PRUNE -> table.prune(change.section);
    }
  }
}
