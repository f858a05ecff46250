package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Strand;
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
    Tenant tenant = new Tenant(new NoSource(), new Inline());
    assertThatThrownBy(() -> tenant.run("look", tenant::isInside)).hasMessage("ended with true");
    assertThat(tenant.isInside()).isFalse();
    assertThatThrownBy(() -> tenant.run("fail", () -> {
      throw new IllegalArgumentException("planted");
    })).hasMessage("planted");
    assertThat(tenant.isInside()).isFalse();
  }
}
