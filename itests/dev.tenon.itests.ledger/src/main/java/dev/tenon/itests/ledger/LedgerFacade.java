package dev.tenon.itests.ledger;

import dev.tenon.itests.ledger.LedgerInstance.Entry;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedTransfer;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotUnavailableException;
import dev.tenon.slot.SlotUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A ledger's slot: each entry is answered once the batch that it was put down in is synced, so nothing is kept.
final class LedgerFacade implements QueuedFacade {
  private final SlotPort port;
  private final Ledger service = new Service();

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
    @Override
    public Completion<Boolean> put(String writer, long number) {
      return ask(new Unit<>(port.promise(), true, instance -> {
        instance.put(new Entry(writer, number));
        return true;
      }));
    }

    @Override
    public Completion<List<Long>> all(String writer) {
      return ask(new Unit<>(port.promise(), false,
          instance -> instance.read(0, Integer.MAX_VALUE / 2).stream().filter(entry -> entry.writer().equals(writer))
              .map(Entry::number).toList()));
    }

    private <T> Completion<T> ask(Unit<T> unit) {
      if (port.offer(unit)) {
        unit.promise.onCancel(() -> port.withdraw(unit));
      } else {
        unit.promise.failed(new SlotUnavailableException(port.name().toString(), port.state(), "the queue is full"));
      }
      return unit.promise.completion();
    }
  }

  private interface Asking<T> {
    T of(LedgerInstance instance);
  }

  private static final class Unit<T> extends SlotUnit {
    private final Promise<T> promise;
    private final boolean puts;
    private final Asking<T> asking;
    private @Nullable T answer;

    Unit(Promise<T> promise, boolean puts, Asking<T> asking) {
      this.promise = promise;
      this.puts = puts;
      this.asking = asking;
    }

    @Override
    public int bytes() {
      return 64;
    }

    @Override
    public void run(Object instance) {
      answer = asking.of(((Opened) instance).living());
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
      promise.done(Objects.requireNonNull(answer));
    }

    @Override
    public void fail(RuntimeException cause) {
      promise.failed(cause);
    }
  }
}
