package dev.tenon.itests.actor;

import dev.tenon.runtime.role.Description;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotPort;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/// The two strategies: in one the summary moves, in the other the next one is rebuilt.
public final class TallyRole implements QueuedRole {
  private final String role;
  private final boolean rebuilds;

  private TallyRole(String role, boolean rebuilds) {
    this.role = role;
    this.rebuilds = rebuilds;
  }

  /// Mode *transfer*.
  @Component(name = "dev.tenon.itests.actor.role", service = QueuedRole.class, property = "tenon.role=tally")
  public static final class Transferred extends Delegate {
    /// Needs nothing.
    public Transferred() {
      super(new TallyRole("tally", false));
    }
  }

  /// Mode *rebuild*.
  @Component(name = "dev.tenon.itests.actor.rebuilt", service = QueuedRole.class, property = "tenon.role=rebuilt")
  public static final class Rebuilt extends Delegate {
    /// Needs nothing.
    public Rebuilt() {
      super(new TallyRole("rebuilt", true));
    }
  }

  /// A component needs a class of its own.
  abstract static class Delegate implements QueuedRole {
    private final TallyRole strategy;

    Delegate(TallyRole strategy) {
      this.strategy = strategy;
    }

    @Override
    public String role() {
      return strategy.role();
    }

    @Override
    public String facadeType() {
      return strategy.facadeType();
    }

    @Override
    public boolean reopens() { return false; }

    @Override
    public Description describe(Object provider) {
      return strategy.describe(provider);
    }

    @Override
    public QueuedFacade facade(SlotPort port) {
      return strategy.facade(port);
    }
  }

  @Override
  public String role() {
    return role;
  }

  @Override
  public String facadeType() {
    return Tally.class.getName();
  }

  @Override
  public Description describe(Object provider) {
    return new Description("tally", "tally-1", List.of("tally-1"), 1 << 20);
  }

  @Override
  public QueuedFacade facade(SlotPort port) {
    return new TallyFacade(port, rebuilds);
  }
}
