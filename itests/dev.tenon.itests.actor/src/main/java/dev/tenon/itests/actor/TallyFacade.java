package dev.tenon.itests.actor;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.slot.Asking;
import dev.tenon.slot.DeliveryWindow;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedTransfer;
import dev.tenon.slot.RebuildLog;
import dev.tenon.slot.RebuildTransfer;
import dev.tenon.slot.Seat;
import dev.tenon.slot.Shadow;
import dev.tenon.slot.SlotMailbox;
import dev.tenon.slot.SlotPort;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The facade of both roles.
final class TallyFacade implements QueuedFacade, Tally {
  private final SlotPort port;
  private final SlotMailbox<TallyMessage> mailbox;
  private final boolean rebuilds;
  private final DeliveryWindow<Long> window = new DeliveryWindow<>(0, 16, this::consume);
  private final RebuildLog<Long, Long> log = new RebuildLog<>(1_024, 1_024, 1 << 20);
  private final ReentrantLock consuming = new ReentrantLock();
  private final List<Counted> counted = new CopyOnWriteArrayList<>();
  private final List<Long> sums = new CopyOnWriteArrayList<>();

  TallyFacade(SlotPort port, boolean rebuilds) {
    this.port = port;
    this.mailbox = port.mailbox(MailboxSpec.oneLane(4_096), message -> 64);
    this.rebuilds = rebuilds;
  }

  private final class Held implements TallyProvider.Outlet, Shadow<Long, Long> {
    private final TallyProvider.Instance instance;
    private final long generation;
    private final Seat<TallyMessage, TallyProvider.Summary> seat;

    Held(TallyProvider.Instance instance, long generation) {
      this.instance = instance;
      this.generation = generation;
      this.seat = mailbox.<Object, TallyProvider.Summary>seat(context -> instance.begin(context, this));
    }

    @Override
    public void counted(long number) {
      seat.say(() -> counted.add(new Counted(number, generation)));
    }

    @Override
    public boolean emit(long next, long sum) {
      return window.deliver(seat, next, sum, () -> {
        log.fetched(next, next, Long.BYTES);
        log.emitted(sum, sum, Long.BYTES);
      }) != DeliveryWindow.Taken.FULL;
    }

    @Override
    public long reset(long next, @Nullable Long head) {
      instance.load(new TallyProvider.Summary(0, next, head == null ? 0 : head));
      return next;
    }

    @Override
    public List<Derived> feed(Long input) {
      return List.of(new Derived(input, instance.feed(input)));
    }
  }

  // For callers.

  @Override
  public Completion<Long> add(long number) {
    return mailbox.ask(Asking.UNIT, reply -> new TallyMessage.Add(number, reply));
  }

  @Override
  public Completion<Long> await(long count) {
    return mailbox.ask(Asking.WAIT, reply -> new TallyMessage.Await(count, reply));
  }

  @Override
  public List<Counted> counted() {
    return List.copyOf(counted);
  }

  @Override
  public List<Long> sums() {
    return List.copyOf(sums);
  }

  /// Whoever delivers comes here; one at a time, or one would overtake the other.
  private void consume() {
    consuming.lock();
    try {
      for (var next = window.take(); next != null; next = window.take()) {
        sums.add(next.content());
        window.acknowledge(next.height());
        log.safe(next.height() + 1);
      }
    } finally {
      consuming.unlock();
    }
  }

  // For the slot.

  @Override
  public Object service() {
    return this;
  }

  @Override
  public Object open(Object provider, OpenContext context) {
    return new Held(((TallyProvider) provider).open(context), context.generation());
  }

  @Override
  public void resume(Object instance) {
    long next = log.emittedNext();
    RebuildLog.Output<Long> head = next == 0 ? null : log.output(next - 1);
    held(instance).reset(next, head == null ? null : head.content());
    held(instance).seat.start();
  }

  @Override
  public void adopt(Object instance) {
    held(instance).seat.start();
  }

  @Override
  public QueuedTransfer transfer(Object from) {
    return rebuilds
        ? new RebuildTransfer<Long, Long>(log, TallyFacade::held, each -> held(each).seat.isHeld())
        : new Moved();
  }

  @Override
  public boolean hold(Object instance, long deadlineMs) {
    return held(instance).seat.hold(deadlineMs);
  }

  @Override
  public void settled(Object instance) {
    held(instance).seat.settled();
  }

  @Override
  public void endTransfer() {}

  @Override
  public List<String> known() {
    return List.of(window.next() + " sums");
  }

  @Override
  public boolean wantsSync() {
    return false;
  }

  @Override
  public void sync(Object instance) {}

  @Override
  public void seal(Object instance) {
    if (!held(instance).seat.hold(port.sealDeadlineMs())) {
      throw new UnavailableException("it does not come to rest");
    }
  }

  @Override
  public void fence(Object instance) {
    held(instance).seat.end();
  }

  @Override
  public void close(Object instance) {
    held(instance).seat.end();
  }

  private static Held held(Object instance) {
    return (Held) instance;
  }

  /// The summary moves.
  private static final class Moved implements QueuedTransfer {
    @Override
    public Piece export(Object from) {
      Seat<TallyMessage, TallyProvider.Summary> seat = held(from).seat;
      return new Piece(seat.isHeld() ? seat.summary() : "", 1, 0, 0, true);
    }

    @Override
    public void apply(Object to, Piece piece) {
      if (piece.content() instanceof TallyProvider.Summary summary) {
        held(to).instance.load(summary);
      }
    }

    @Override
    public void verify(Object to) {}
  }
}
