package dev.tenon.scenarios;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.NoSpaceException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotStatus;
import dev.tenon.testkit.journal.JournalWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What goes wrong in the calls of one member's providers, and what is seen of these calls.
final class Faults {
  /// Which instance is called.
  enum Side {
    SERVING, STANDBY
  }

  /// What becomes of a call.
  enum Deed {
    /// It throws, and nothing was done.
    THROWS,
    /// It says that the disk has failed.
    DISK,
    /// It never returns.
    HANGS,
    /// It throws when it has done a part of what it should, or all where that has no parts.
    HALFWAY
  }

  /// Changes of the past that a handover has to carry over.
  private static final List<String> CHANGES = List.of("rewind", "prune", "remove", "create");
  /// So many calls lie between two attempts of former generations to write.
  private static final int HAUNT_EVERY = 64;
  private static final int GHOSTS_MAX = 6;

  /// To come with the n-th call from now on.
  private static final class Order {
    final String role;
    final Side side;
    final Deed deed;
    int left;

    Order(String role, Side side, Deed deed, int nth) {
      this.role = role;
      this.side = side;
      this.deed = deed;
      this.left = nth;
    }
  }

  /// What an instance writes through.
  private record View(Storage storage, long generation) {}

  private final World world;
  private final Member member;
  private final List<Order> orders = new ArrayList<>();
  /// As they were opened, of instances that were left behind too: those are never closed.
  private final List<View> views = new ArrayList<>();
  /// The highest generation that has served.
  private long served;
  /// By role, the last generation in which a call hangs that only the end of its provider frees.
  private final TreeMap<String, Long> stuck = new TreeMap<>();
  private Duration slowness = Duration.ZERO;
  private int calls;
  private boolean opensHang;

  Faults(World world, Member member) {
    this.world = world;
    this.member = member;
  }

  /// The n-th call from now on, 1 the next, of whoever is on that side then.
  void order(String role, Side side, Deed deed, int nth) {
    orders.add(new Order(role, side, deed, nth));
  }

  /// Each sync of a provider that is being filled takes so much longer.
  void slow(Duration each) {
    slowness = each;
  }

  /// What was ordered and has not come does not come.
  void clear() {
    orders.clear();
    slowness = Duration.ZERO;
  }

  /// A new life of the node.
  void boot() {
    views.clear();
    served = 0;
    stuck.clear();
  }

  /// Whether who serves has a call inside that never ends.
  boolean isStuck(String role) {
    long generation = member.status(role).map(SlotStatus::generation).orElse(0L);
    return generation > 0 && stuck.getOrDefault(role, 0L) == generation;
  }

  /// Whether an open has hung: a slot may then have failed.
  boolean opensHang() {
    return opensHang;
  }

  /// A call on a strand.
  ///
  /// @param role whose
  /// @param side which instance's
  /// @param call its name
  /// @param real makes it
  <T> T call(String role, Side side, String call, Supplier<T> real) {
    return call(role, side, call, real, real);
  }

  /// @param half makes a part of it
  <T> T call(String role, Side side, String call, Supplier<T> real, Supplier<T> half) {
    if (++calls % HAUNT_EVERY == 0) {
      haunt();
    }
    if (CHANGES.contains(call)) {
      saw(role, side + " " + call);
    }
    if (side == Side.STANDBY && call.equals("sync") && !slowness.isZero()
        && world.watch().moment(slot(role)) == Moment.PREPARE) {
      sleep(slowness.toNanos());
    }
    Deed deed = due(role, side, call);
    if (deed == Deed.HANGS) {
      opensHang |= call.equals("open");
      sleep(Long.MAX_VALUE);
    }
    fail(deed, call);
    T answer;
    try {
      answer = (deed == Deed.HALFWAY ? half : real).get();
    } catch (NoSpaceException full) {
      saw(role, side + " disk full");
      throw full;
    }
    failAfter(deed, call);
    return answer;
  }

  /// What becomes of a call; null where nothing goes wrong.
  @Nullable
  Deed due(String role, Side side, String call) {
    for (Order order : orders) {
      if (order.role.equals(role) && order.side == side && --order.left == 0) {
        orders.remove(order);
        String end = order.deed == Deed.HANGS ? " hangs" : " fails";
        saw(role, side + end);
        saw(role, side + " " + call + end);
        return order.deed;
      }
    }
    return null;
  }

  /// A call hangs that no strand waits for.
  void leftHanging(String role, long generation) {
    stuck.put(role, generation);
  }

  static void fail(@Nullable Deed deed, String call) {
    if (deed == Deed.THROWS) {
      throw new IllegalStateException("planted in " + call);
    } else if (deed == Deed.DISK) {
      throw new StorageFailedException("planted in " + call);
    }
  }

  static void failAfter(@Nullable Deed deed, String call) {
    if (deed == Deed.HALFWAY) {
      throw new IllegalStateException("planted after " + call);
    }
  }

  /// A journal provider is given a view, before it is asked to open it: that call may never end.
  void opened(Storage storage, long generation) {
    views.add(new View(storage, generation));
    if (views.size() > GHOSTS_MAX) {
      views.removeFirst();
    }
  }

  /// Whoever takes charge holds nothing that was removed: what stays there comes back with a later start, unless one
  /// more handover, which copies by the facade's book, takes it away before.
  void activated(JournalInstance serving) {
    for (JournalWriter writer : member.writers()) {
      if (writer.isGone() && serving.floor(writer.name()).isPresent()) {
        world.witness().violated(member.name() + ": who serves now holds journal " + writer.name()
            + ", which was removed");
      }
    }
  }

  /// Promise H3: whatever was opened before who serves tries to write, whether it was closed or left behind. A write
  /// that is not fenced off counts, also where it fails for another reason: nothing but that reason kept it out.
  void haunt() {
    served = Math.max(served, member.status(JournalProvider.ROLE).filter(slot -> slot.state().isServing())
        .map(SlotStatus::generation).orElse(0L));
    int serving = views.size() - 1;
    while (serving >= 0 && views.get(serving).generation() > served) {
      serving--;
    }
    for (View view : List.copyOf(views.subList(0, Math.max(0, serving)))) {
      if (!isRefused(view.storage())) {
        world.witness().violated(member.name() + ": generation " + view.generation() + " has written after " + served
            + " served");
      }
    }
  }

  private boolean isRefused(Storage storage) {
    try {
      storage.replace("ghost", new byte[] {1}, ByteBuffer.allocate(1));
      return false;
    } catch (FencedException refused) {
      world.coverage().saw("former generations refused");
      return true;
    } catch (Stopped end) {
      throw end; // the node's, not the write's
    } catch (RuntimeException | Error other) {
      return false;
    }
  }

  private void saw(String role, String what) {
    world.coverage().saw(role + " " + what.toLowerCase(Locale.ROOT) + " in " + world.watch().moment(slot(role)));
    world.coverage().saw(role + " " + what.toLowerCase(Locale.ROOT));
  }

  private SlotName slot(String role) {
    return new SlotName(member.name(), role, Member.USE);
  }

  private void sleep(long ns) {
    Runtime runtime = member.node().runtime();
    runtime.waiter().sleepUntil(ns == Long.MAX_VALUE ? ns : runtime.clock().monotonicNs() + ns);
  }
}
