package dev.tenon.itests.jcstress;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// [TenureStress] with the look at the door before the count: has to fail.
@JCStressTest
@Outcome(id = "-1, 0", expect = Expect.ACCEPTABLE, desc = "The caller came too late.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The caller was inside; the fence sees what it did.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A call after the drain, or one whose effect is not seen.")
@State
public class LookFirstMutant {
  private final TenureStress.Provider provider = new TenureStress.Provider();
  private final AtomicLong inFlight = new AtomicLong();
  private volatile boolean open = true;

  @Actor
  public void caller(II_Result result) {
    if (!open) {
      result.r1 = -1;
      return;
    }
    inFlight.getAndAdd(1);
    result.r1 = provider.drained;
    provider.calls++;
    inFlight.getAndAdd(-1);
  }

  @Actor
  public void fence(II_Result result) {
    open = false;
    while (inFlight.get() != 0) {
      Thread.onSpinWait();
    }
    result.r2 = provider.calls;
    provider.drained = 1;
  }
}
