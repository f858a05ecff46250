package dev.tenon.itests.ledger;

import dev.tenon.itests.ledger.LedgerInstance.Entry;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.QueuedTransfer;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotUnavailableException;
import dev.tenon.slot.SlotUnit;
import dev.tenon.slot.StackedFacade;
import dev.tenon.slot.StoreOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A ledger's slot: each entry is answered once the batch that it was put down in is synced, so nothing is kept.
/// Writers of a slot above are told apart by its location before their names, and end with an entry that says so.
final class LedgerFacade implements StackedFacade {
  /// Everything before it of writers whose names begin with its writer's is gone.
  private static final long ENDED = -1;

  private final SlotPort port;
  private final Ledger service = new Service("", null);

  LedgerFacade(SlotPort port) {
    this.port = port;
  }

  /// An instance, as long as it is not closed.
  private static final class Opened {
    private volatile @Nullable LedgerInstance instance;

    Opened(LedgerInstance instance) {
      this.instance = instance;
    }

    LedgerInstance living() {
      return Objects.requireNonNull(instance);
    }
  }

  @Override
  public Object service() {
    return service;
  }

  @Override
  public Object open(Object provider, OpenContext context) {
    return new Opened(((LedgerProvider) provider).open(context));
  }

  @Override
  public void resume(Object instance) {}

  @Override
  public QueuedTransfer transfer(Object from) {
    return new Transfer();
  }

  @Override
  public void endTransfer() {}

  @Override
  public void adopt(Object instance) {}

  @Override
  public List<String> known() {
    return List.of();
  }

  @Override
  public boolean wantsSync() {
    return false;
  }

  @Override
  public void sync(Object instance) {
    ((Opened) instance).living().sync();
  }

  @Override
  public void seal(Object instance) {
    ((Opened) instance).living().seal();
  }

  @Override
  public void fence(Object instance) {}

  @Override
  public void close(Object instance) {
    Opened opened = (Opened) instance;
    LedgerInstance living = opened.instance;
    opened.instance = null;
    if (living != null) {
      living.close();
    }
  }

  @Override
  public Object lend(StoreOwner owner, BooleanSupplier ended) {
    return new Service(owner.location() + ":", ended);
  }

  @Override
  public Completion<Boolean> own(StoreOwner owner, BooleanSupplier ended, boolean fresh, List<String> there) {
    return ask(new Unit<>(port.promise(), false, ended, instance -> {
      Set<String> gone = locations(instance);
      gone.removeIf(each -> parent(each).equals(parent(owner.location())) ? there.contains(each) : true);
      if (fresh) {
        gone.add(owner.location());
      } else {
        gone.remove(owner.location());
      }
      gone.forEach(each -> instance.put(new Entry(each + ":", ENDED)));
      return true;
    }));
  }

  @Override
  public boolean forget(String location) {
    return port.offer(new Unit<>(port.promise(), false, null, instance -> {
      instance.put(new Entry(location + ":", ENDED));
      return true;
    }));
  }

  /// Those of slots above that have entries.
  private static Set<String> locations(LedgerInstance instance) {
    Set<String> found = new TreeSet<>();
    for (Entry entry : instance.read(0, Integer.MAX_VALUE / 2)) {
      int colon = entry.writer().indexOf(':');
      if (colon > 0 && entry.number() == ENDED) {
        found.remove(entry.writer().substring(0, colon));
      } else if (colon > 0) {
        found.add(entry.writer().substring(0, colon));
      }
    }
    return found;
  }

  private static String parent(String location) {
    return location.substring(0, location.lastIndexOf('/'));
  }

  private static List<Long> numbers(LedgerInstance instance, String writer) {
    List<Long> numbers = new ArrayList<>();
    for (Entry entry : instance.read(0, Integer.MAX_VALUE / 2)) {
      if (entry.number() == ENDED && writer.startsWith(entry.writer())) {
        numbers.clear();
      } else if (entry.writer().equals(writer)) {
        numbers.add(entry.number());
      }
    }
    return numbers;
  }

  private <T> Completion<T> ask(Unit<T> unit) {
    if (port.offer(unit)) {
      unit.promise.onCancel(() -> port.withdraw(unit));
    } else {
      unit.promise.failed(new SlotUnavailableException(port.name().toString(), port.state(), "the queue is full"));
    }
    return unit.promise.completion();
  }

  /// Entries are only ever added.
  private static final class Transfer implements QueuedTransfer {
    private static final int PIECE_ENTRIES = 32;
    private final List<Entry> carried = new ArrayList<>();
    private int roundEnd = -1;

    @Override
    public Piece export(Object from) {
      LedgerInstance source = ((Opened) from).living();
      if (roundEnd < 0) {
        roundEnd = source.size();
      }
      List<Entry> entries = source.read(carried.size(), PIECE_ENTRIES);
      carried.addAll(entries);
      boolean ends = carried.size() >= roundEnd;
      if (ends) {
        roundEnd = -1;
      }
      return new Piece(entries, entries.size(), entries.size(), source.size() - carried.size(), ends);
    }

    @Override
    @SuppressWarnings("unchecked") // as it was exported
    public void apply(Object to, Piece piece) {
      ((List<Entry>) piece.content()).forEach(((Opened) to).living()::put);
    }

    @Override
    public void verify(Object to) {
      LedgerInstance target = ((Opened) to).living();
      target.sync();
      List<Entry> found = target.read(0, Integer.MAX_VALUE / 2);
      if (!found.equals(carried)) {
        throw new CorruptionException("ledger", "", 0, carried.size() + " entries", found.size() + " entries");
      }
    }
  }

  private final class Service implements Ledger {
    private final String prefix;
    private final @Nullable BooleanSupplier ended;

    /// @param prefix before each writer's name
    /// @param ended as in [Unit]
    Service(String prefix, @Nullable BooleanSupplier ended) {
      this.prefix = prefix;
      this.ended = ended;
    }

    @Override
    public Completion<Boolean> put(String writer, long number) {
      return ask(new Unit<>(port.promise(), true, ended, instance -> {
        instance.put(new Entry(prefix + writer, number));
        return true;
      }));
    }

    @Override
    public Completion<List<Long>> all(String writer) {
      return ask(new Unit<>(port.promise(), false, ended, instance -> numbers(instance, prefix + writer)));
    }
  }

  private interface Asking<T> {
    T of(LedgerInstance instance);
  }

  private static final class Unit<T> extends SlotUnit {
    private final Promise<T> promise;
    private final boolean puts;
    private final @Nullable BooleanSupplier ended;
    private final Asking<T> asking;
    private @Nullable T answer;

    /// @param ended whether the instance of a slot above whose strand waits has ended; null where an engine asks
    Unit(Promise<T> promise, boolean puts, @Nullable BooleanSupplier ended, Asking<T> asking) {
      this.promise = promise;
      this.puts = puts;
      this.ended = ended;
      this.asking = asking;
    }

    @Override
    public int bytes() {
      return 64;
    }

    @Override
    public void run(Object instance) {
      answer = ended != null && ended.getAsBoolean() ? null : asking.of(((Opened) instance).living());
    }

    @Override
    public boolean parks() {
      return ended == null;
    }

    /// Who reads everything reads nothing that may still vanish.
    @Override
    public boolean wantsSync() {
      return true;
    }

    @Override
    public boolean isIdempotent() { return !puts; }

    @Override
    public void deliver() {
      T found = answer;
      if (found == null) {
        promise.failed(new FencedException("the instance that asked has ended"));
      } else {
        promise.done(found);
      }
    }

    @Override
    public void fail(RuntimeException cause) {
      promise.failed(cause);
    }
  }
}
