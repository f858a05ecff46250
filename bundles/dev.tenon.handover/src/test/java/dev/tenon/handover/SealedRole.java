package dev.tenon.handover;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.StackedFacade;
import dev.tenon.slot.StoreOwner;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A role that notes when its slot is sealed. One that stands on another needs it for that.
final class SealedRole extends RetryTest.Role {
  private final String role;
  private final String beneath;
  private final List<String> sealed;
  private final Supplier<Runtime> runtime;

  SealedRole(String role, String beneath, List<String> sealed, Supplier<Runtime> runtime) {
    this.role = role;
    this.beneath = beneath;
    this.sealed = sealed;
    this.runtime = runtime;
  }

  @Override
  public String role() {
    return role;
  }

  @Override
  public QueuedFacade facade(SlotPort port) {
    return new Facade();
  }

  private final class Facade extends RetryTest.Facade implements StackedFacade {
    @Override
    public void seal(Object instance) {
      if (sealed.contains(beneath)) {
        throw new StorageFailedException("nobody serves beneath");
      }
      sealed.add(role);
    }

    @Override
    public Object lend(StoreOwner owner, BooleanSupplier ended) {
      return this;
    }

    @Override
    public Completion<Boolean> own(StoreOwner owner, BooleanSupplier ended, boolean fresh, List<String> there) {
      Promise<Boolean> promise = runtime.get().promise();
      promise.done(true);
      return promise.completion();
    }

    @Override
    public boolean forget(String location) {
      return true;
    }
  }
}
