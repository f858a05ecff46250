package dev.tenon.soak;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/// Holds a slot at the boundary of one of its steps, until the process is killed.
@Component(name = "dev.tenon.soak.hold", service = HoldPoint.class)
public final class HoldPoint {
  /// Before or after a step.
  enum Edge { BEGIN, END }

  private record Armed(String step, Edge edge) {}

  private final History history;
  private final AtomicReference<@Nullable Armed> armed = new AtomicReference<>();

  /// Takes its reference.
  ///
  /// @param history tells that a slot is held
  @Activate
  public HoldPoint(@Reference(name = "history") History history) {
    this.history = history;
  }

  /// The next slot that comes there stays there.
  ///
  /// @param step as the slot's strands call it
  /// @param edge before or after it
  void arm(String step, Edge edge) {
    armed.set(new Armed(step, edge));
  }

  /// A slot that comes there goes on.
  void disarm() {
    armed.set(null);
  }

  /// A slot comes by, on the strand of the step.
  void pass(String strand, String step, Edge edge) {
    Armed wanted = armed.get();
    if (wanted == null || wanted.edge() != edge || !wanted.step().equals(step)) {
      return;
    }
    if (!armed.compareAndSet(wanted, null)) {
      return; // another slot was first
    }
    history.line("held", strand, step, edge);
    while (true) {
      LockSupport.park(this); // only a kill ends it
    }
  }
}
