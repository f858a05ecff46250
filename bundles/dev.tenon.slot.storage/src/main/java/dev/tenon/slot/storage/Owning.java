package dev.tenon.slot.storage;

import dev.tenon.runtime.Promise;
import dev.tenon.slot.SlotUnit;
import java.util.List;

/// What becomes of all journals of one location of a slot above at once: in the queue, so that it comes after what was
/// asked before it.
final class Owning {
  private Owning() {}

  /// An instance begins.
  static final class Begin extends Asked<Boolean> {
    private final JournalFamily family;
    private final Namespace owner;
    private final boolean fresh;
    private final List<String> there;

    Begin(Promise<Boolean> promise, JournalFamily family, Namespace owner, boolean fresh, List<String> there) {
      super(promise, owner);
      this.family = family;
      this.owner = owner;
      this.fresh = fresh;
      this.there = there;
    }

    @Override
    public void run(Object instance) {
      refusing(() -> family.own((Tenure) instance, owner, fresh, there));
    }

    @Override
    Boolean answer() {
      return true;
    }
  }

  /// The location is deleted. Nobody waits for it.
  static final class Forget extends SlotUnit {
    private final JournalFamily family;
    private final String location;

    Forget(JournalFamily family, String location) {
      this.family = family;
      this.location = location;
    }

    @Override
    public int bytes() {
      return 0;
    }

    @Override
    public boolean isIdempotent() { return true; }

    @Override
    public void run(Object instance) {
      family.removeAll((Tenure) instance, Namespace.prefix(location));
    }

    @Override
    public boolean expires() {
      return false;
    }

    @Override
    public void deliver() {}

    @Override
    public void fail(RuntimeException cause) {}
  }
}
