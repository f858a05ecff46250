package dev.tenon.soak;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/// Holds a journal slot at the boundary of one of its steps, or of what a step makes durable, until the process is
/// killed or somebody lets it go. Schemes pass the same boundaries, with nothing behind them that could be lost.
@Component(name = "dev.tenon.soak.hold", service = HoldPoint.class)
public final class HoldPoint {
  /// Before or after a step, and before or after whatever is made durable in it.
  enum Edge { BEGIN, END, FLUSH, FLUSHED }

  /// In the names of the strands of such a slot.
  private static final String JOURNAL = "/journal/";

  private record Place(String step, Edge edge) {
    @Override
    public String toString() {
      return step + " " + edge.name().toLowerCase(Locale.ROOT);
    }
  }

  private record Inside(String strand, String step) {}

  private final History history;
  private final AtomicReference<@Nullable Place> armed = new AtomicReference<>();
  private final Map<Thread, Inside> inside = new ConcurrentHashMap<>();
  private final Set<Place> passed = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Thread held;

  /// Takes its reference.
  ///
  /// @param history tells that a slot is held
  @Activate
  public HoldPoint(@Reference(name = "history") History history) {
    this.history = history;
  }

  /// The next journal slot that comes there stays there.
  ///
  /// @param step as the slot's strands call it
  /// @param edge before or after it
  void arm(String step, Edge edge) {
    armed.set(new Place(step, edge));
  }

  /// A slot that comes there, or is held there, goes on.
  void disarm() {
    armed.set(null);
    Thread waiting = held;
    held = null;
    LockSupport.unpark(waiting);
  }

  /// Whether one stays there.
  boolean isHeld() { return held != null; }

  /// Where journal slots have come by: whoever asks for another place asks for one that there is not, or that is rare.
  ///
  /// @return as `step edge`, sorted
  List<String> passed() {
    return passed.stream().map(Place::toString).sorted().toList();
  }

  /// A slot does a step, on its strand's thread.
  <T> T within(String strand, String step, Supplier<T> task) {
    pass(strand, step, Edge.BEGIN);
    inside.put(Thread.currentThread(), new Inside(strand, step));
    T answer;
    try {
      answer = task.get();
    } finally {
      inside.remove(Thread.currentThread());
    }
    pass(strand, step, Edge.END);
    return answer;
  }

  /// Something is made durable, by a slot or by its provider.
  void flush(Edge edge) {
    Inside step = inside.get(Thread.currentThread());
    if (step != null) {
      pass(step.strand(), step.step(), edge);
    }
  }

  /// A slot comes by, on the strand of the step.
  private void pass(String strand, String step, Edge edge) {
    if (!strand.contains(JOURNAL)) {
      return;
    }
    Place here = new Place(step, edge);
    passed.add(here);
    Place wanted = armed.get();
    if (!here.equals(wanted)) {
      return;
    }
    if (!armed.compareAndSet(wanted, null)) {
      return; // another slot was first
    }
    Thread self = Thread.currentThread();
    held = self;
    history.line("held", strand, step, edge);
    while (held == self) {
      LockSupport.park(this);
    }
  }
}
