package dev.tenon.handover;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.WhenFull;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.slot.Asking;
import dev.tenon.slot.DeliveryWindow;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.QueuedTransfer;
import dev.tenon.slot.RebuildLog;
import dev.tenon.slot.RebuildTransfer;
import dev.tenon.slot.Seat;
import dev.tenon.slot.SlotMailbox;
import dev.tenon.slot.SlotPort;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The strategy of [Tally], in one of two modes, and what may be wrong with it.
final class TallyRole implements QueuedRole {
  enum Mode {
    TRANSFER, REBUILD
  }

  enum Plant {
    NONE,
    /// The actor is asked for its summary, and its mailbox goes on.
    NOT_PAUSED,
    /// What an actor has asked for itself comes back through the slot's mailbox.
    OWN_IN_MAILBOX,
    /// What was rebuilt is not compared.
    NOT_COMPARED
  }

  static final MailboxSpec<Tally.Message> SPEC = new MailboxSpec<>(2, 512,
      message -> message instanceof Tally.Message.Safe ? 0 : 1,
      message -> message instanceof Tally.Message.Safe ? WhenFull.REPLACE_OLDEST : WhenFull.REJECT);

  private final Mode mode;
  private final Plant plant;
  private final LongFunction<Completion<Long>> source;

  TallyRole(Mode mode, Plant plant, LongFunction<Completion<Long>> source) {
    this.mode = mode;
    this.plant = plant;
    this.source = source;
  }

  @Override
  public String role() {
    return "tally";
  }

  @Override
  public String facadeType() {
    return Facade.class.getName();
  }

  @Override
  public boolean reopens() { return false; }

  @Override
  public Description describe(Object provider) {
    return new Description("tally", "tally-1", List.of("tally-1"), 1 << 20);
  }

  @Override
  public QueuedFacade facade(SlotPort port) {
    return new Facade(port);
  }

  /// What engines hold, and the role's side of the slot.
  final class Facade implements QueuedFacade {
    final SlotMailbox<Tally.Message> mailbox;
    final DeliveryWindow<Tally.Output> window;
    final RebuildLog<Long, Tally.Output> log = new RebuildLog<>(512, 512, 1 << 20);
    Runnable consumer = () -> {};
    private volatile Tally.@Nullable Output lastDelivered;

    private final class Held {
      final Tally.Instance instance;
      final Seat<Tally.Message, Tally.Summary> seat;

      Held(Tally.Instance instance) {
        this.instance = instance;
        this.seat = mailbox.<Object, Tally.Summary>seat(context -> instance.begin(context, new Outlet(this)));
      }
    }

    private final class Outlet implements Tally.Outlet {
      private final Held held;

      Outlet(Held held) {
        this.held = held;
      }

      @Override
      public void fetched(long number, long block) {
        held.seat.say(() -> log.fetched(number, block, Long.BYTES));
      }

      @Override
      public boolean emit(Tally.Output output) {
        return switch (window.deliver(held.seat, output.number(), output, () -> {
          lastDelivered = output;
          log.emitted(output, TallyActor.digest(output), 2 * Long.BYTES);
        })) {
          case NEW, BEFORE -> true;
          case FULL -> false;
        };
      }

      @Override
      public long deliveredNext() {
        return window.next();
      }

      @Override
      public long safeNext() {
        return log.safeNext();
      }

      @Override
      public boolean mine(Object own) {
        if (plant == Plant.OWN_IN_MAILBOX) {
          mailbox.offer(new Tally.Message.Mine(own));
        }
        return plant != Plant.OWN_IN_MAILBOX;
      }

      @Override
      public Completion<Long> fetch(long number) {
        return source.apply(number);
      }
    }

    Facade(SlotPort port) {
      this.mailbox = port.mailbox(SPEC, message -> 32);
      this.window = new DeliveryWindow<>(0, 32, () -> consumer.run());
    }

    // For engines.

    Completion<Long> add(int caller, int number, boolean again) {
      Asking asking = again ? Asking.IDEMPOTENT : Asking.UNIT;
      return mailbox.ask(asking, reply -> new Tally.Message.Add(caller, number, reply));
    }

    Offer word(int caller, int number) {
      return mailbox.offer(new Tally.Message.Word(caller, number));
    }

    Completion<Long> await(long next) {
      return mailbox.ask(Asking.WAIT, reply -> new Tally.Message.Await(next, reply));
    }

    Offer safe(long next) {
      log.safe(next);
      return mailbox.offer(new Tally.Message.Safe(next));
    }

    // For the slot.

    @Override
    public Object service() {
      return this;
    }

    @Override
    public Object open(Object provider, OpenContext context) {
      return new Held(((Tally.Provider) provider).open(context));
    }

    /// After a failure, or the first time: goes on behind what was delivered last.
    @Override
    public void resume(Object instance) {
      Held held = (Held) instance;
      Tally.Output head = lastDelivered;
      held.instance.reset(head == null ? 0 : head.number() + 1, head);
      held.seat.start();
    }

    @Override
    public void adopt(Object instance) {
      ((Held) instance).seat.start();
    }

    @Override
    public QueuedTransfer transfer(Object from) {
      if (mode == Mode.TRANSFER) {
        return new SummaryTransfer();
      }
      RebuildTransfer<Long, Tally.Output> rebuild = new RebuildTransfer<>(log, to -> ((Held) to).instance,
          each -> ((Held) each).seat.isHeld());
      return plant == Plant.NOT_COMPARED ? new Uncompared(rebuild) : rebuild;
    }

    @Override
    public boolean hold(Object instance, long deadlineMs) {
      Seat<Tally.Message, Tally.Summary> seat = ((Held) instance).seat;
      boolean rests = seat.hold(deadlineMs);
      if (plant == Plant.NOT_PAUSED) {
        early = seat.summary();
        seat.settled();
      }
      return rests;
    }

    private Tally.@Nullable Summary early;

    @Override
    public void settled(Object instance) {
      ((Held) instance).seat.settled();
    }

    @Override
    public void endTransfer() {}

    @Override
    public List<String> known() {
      return List.of(window.next() + " outputs");
    }

    @Override
    public boolean wantsSync() {
      return false;
    }

    @Override
    public void sync(Object instance) {}

    @Override
    public void seal(Object instance) {
      Held held = (Held) instance;
      if (!held.seat.hold(2_000)) {
        throw new dev.tenon.runtime.UnavailableException("it does not come to rest");
      }
      held.instance.seal();
    }

    @Override
    public void fence(Object instance) {
      ((Held) instance).seat.end();
    }

    @Override
    public void close(Object instance) {
      Held held = (Held) instance;
      held.seat.end();
      held.instance.close();
    }

    /// Mode *transfer*: the summary moves.
    private final class SummaryTransfer implements QueuedTransfer {
      @Override
      public Piece export(Object from) {
        Seat<Tally.Message, Tally.Summary> seat = ((Held) from).seat;
        Tally.Summary summary = early;
        Supplier<Tally.Summary> now = seat::summary;
        return summary != null || seat.isHeld()
            ? new Piece(summary != null ? summary : now.get(), 1, 0, 0, true)
            : new Piece("", 0, 0, 0, true);
      }

      @Override
      public void apply(Object to, Piece piece) {
        if (piece.content() instanceof Tally.Summary summary) {
          ((Held) to).instance.load(summary);
        }
      }

      @Override
      public void verify(Object to) {}
    }

    private record Uncompared(QueuedTransfer rebuild) implements QueuedTransfer {
      @Override
      public Piece export(Object from) {
        return rebuild.export(from);
      }

      @Override
      public void apply(Object to, Piece piece) {
        rebuild.apply(to, piece);
      }

      @Override
      public void verify(Object to) {}
    }
  }
}
