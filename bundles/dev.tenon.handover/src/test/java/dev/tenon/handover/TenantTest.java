package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TenantTest {
  /// Runs a task on the caller, and then fails for want of a completion.
  private static final class Inline implements Strand {
    @Override
    public <T> Completion<T> run(String step, Supplier<T> task) {
      throw new IllegalStateException("ended with " + task.get());
    }

    @Override
    public <T> T await(Completion<T> owed, long timeoutMs) {
      throw new UnsupportedOperationException("nobody waits here");
    }

    @Override
    public void giveUp() {}

    @Override
    public List<String> doing(int framesMax) {
      return List.of();
    }
  }

  private static final Clock CLOCK = new Clock() {
    @Override
    public long monotonicNs() {
      return 1_000;
    }

    @Override
    public long wallMs() {
      return 0;
    }
  };

  /// Counts the uses that a framework would.
  private static final class Counting implements ProviderSource {
    int uses;
    boolean gone;

    @Override
    public Object take() {
      if (gone) {
        throw new UnavailableException("planted");
      }
      uses++;
      return "provider";
    }

    @Override
    public void release() {
      uses--;
    }
  }

  @Test
  void givesBackOnceWhatWasTakenAndNothingElse() {
    Counting source = new Counting();
    Tenant tenant = new Tenant(1, source, new Inline(), CLOCK);
    assertThat(tenant.take()).isEqualTo("provider");
    tenant.giveBack();
    tenant.giveBack();
    assertThat(source.uses).isZero();
    new Tenant(1, source, new Inline(), CLOCK).giveBack();
    assertThat(source.uses).as("it was never taken").isZero();
    source.gone = true;
    Tenant refused = new Tenant(1, source, new Inline(), CLOCK);
    assertThatThrownBy(refused::take).isInstanceOf(UnavailableException.class);
    refused.giveBack();
    assertThat(source.uses).as("another slot's use stays").isZero();
  }

  @Test
  void givesBackAtOnceWhatComesAfterItWasGivenUp() {
    Counting source = new Counting();
    Tenant tenant = new Tenant(1, source, new Inline(), CLOCK);
    tenant.giveBack();
    assertThatThrownBy(tenant::take).isInstanceOf(UnavailableException.class);
    assertThat(source.uses).isZero();
  }

  private static final class NoSource implements ProviderSource {
    @Override
    public Object take() {
      return "";
    }

    @Override
    public void release() {}
  }

  @Test
  void holdsItsProviderAsLongAsATaskHasNotReturned() {
    Tenant tenant = new Tenant(1, new NoSource(), new Inline(), CLOCK);
    assertThatThrownBy(() -> tenant.run("look", tenant::isInside)).hasMessage("ended with true");
    assertThat(tenant.isInside()).isFalse();
    assertThatThrownBy(() -> tenant.run("fail", () -> {
      throw new IllegalArgumentException("planted");
    })).hasMessage("java.lang.IllegalArgumentException: planted");
    assertThat(tenant.isInside()).isFalse();
  }

  @Test
  void countsFromWhenABatchHasBegunAndNotWhileItWaits() {
    Tenant tenant = new Tenant(1, new NoSource(), new Inline(), CLOCK);
    assertThat(tenant.isOverdue(0, Long.MAX_VALUE, 100)).as("it waits for a thread").isFalse();
    assertThatThrownBy(() -> tenant.run("export", () -> tenant.isOverdue(0, 1_100, 100))).hasMessage(
        "ended with false");
    assertThatThrownBy(() -> tenant.run("export", () -> tenant.isOverdue(0, 1_101, 100))).as(
        "it waits for a call before it").hasMessage("ended with true");
    tenant.batchBegun = true;
    assertThat(tenant.isOverdue(0, 1_100, 100)).isFalse();
    assertThat(tenant.isOverdue(0, 1_101, 100)).isTrue();
  }
}
