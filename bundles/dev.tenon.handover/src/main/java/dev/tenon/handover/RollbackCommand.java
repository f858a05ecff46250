package dev.tenon.handover;

import dev.tenon.runtime.status.OperatorCommand;
import dev.tenon.slot.SlotStatus;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/// Hands a slot back to the provider before: one more handover, to a fresh location.
@Component(name = "dev.tenon.handover.rollback")
public final class RollbackCommand implements OperatorCommand {
  private final SlotWishes wishes;

  /// Takes its reference.
  ///
  /// @param wishes where the wish is changed
  @Activate
  public RollbackCommand(@Reference(name = "wishes") SlotWishes wishes) {
    this.wishes = wishes;
  }

  @Override
  public String name() {
    return "rollback";
  }

  @Override
  public String help() {
    return "hands a slot back to the provider before: rollback SLOT";
  }

  @Override
  public List<String> run(List<String> words) {
    if (words.size() != 1) {
      throw new IllegalArgumentException(help());
    }
    String wish = wish(wishes.slot(words.getFirst()), wishes.present(words.getFirst()));
    wishes.swap(words.getFirst(), wish, false);
    return List.of("asked for " + wish);
  }

  /// The provider before, in its version where that is there.
  ///
  /// @param present who is registered for the role, as labels
  /// @throws IllegalArgumentException if there is nobody to go back to
  static String wish(SlotStatus slot, List<String> present) {
    String before = slot.before();
    if (before.isEmpty() || before.equals(slot.provider())) {
      throw new IllegalArgumentException("slot '" + slot.name() + "' had no other provider before");
    }
    if (present.contains(before)) {
      return FormerWish.named(before, present);
    }
    String name = SwapCommand.shortName(before);
    if (name.equals(SwapCommand.shortName(slot.provider()))) {
      throw new IllegalArgumentException("slot '" + slot.name() + "': " + before + ", which served before "
          + slot.provider() + ", is not registered");
    }
    return name;
  }
}
