package dev.tenon.itests.jcstress;

import dev.tenon.runtime.Stripes;
import dev.tenon.slot.Tenure;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// A caller against a fence. The provider's fields are plain: the fence alone has to make them seen.
///
/// First what the caller found: -1 refused, 0 an open provider, 1 one that was drained before. Then what the fence
/// found: how many calls had an effect, or -1 where the drain did not end.
@JCStressTest
@Outcome(id = "-1, 0", expect = Expect.ACCEPTABLE, desc = "The caller came too late.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The caller was inside; the fence sees what it did.")
@Outcome(expect = Expect.FORBIDDEN,
    desc = "A call after the drain, or one whose effect is not seen, or a lost wake-up.")
@State
public class TenureStress {
  /// A cell for each of the two, told apart by nothing but their threads.
  static final Stripes STRIPES = new Stripes() {
    @Override
    public int count() {
      return 2;
    }

    @Override
    public int current() {
      return (int) Thread.currentThread().threadId();
    }
  };

  static final class Provider {
    int calls;
    int drained;
  }

  private final Provider provider = new Provider();
  private final Tenure<Provider> tenure = Tenure.of(provider, 1, STRIPES);

  public TenureStress() {
    tenure.open();
  }

  @Actor
  public void caller(II_Result result) {
    int stripe = tenure.enter();
    if (stripe < 0) {
      result.r1 = -1;
      return;
    }
    result.r1 = tenure.provider().drained;
    tenure.provider().calls++;
    tenure.exit(stripe);
  }

  @Actor
  public void fence(II_Result result) {
    if (tenure.shutAndDrain(new Permit(), Permit.deadlineNs())) {
      result.r2 = provider.calls;
      provider.drained = 1;
    } else {
      result.r2 = -1;
    }
  }
}
