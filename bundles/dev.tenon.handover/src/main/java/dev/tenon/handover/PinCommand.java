package dev.tenon.handover;

import dev.tenon.runtime.status.OperatorCommand;
import dev.tenon.slot.SlotStatus;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/// Freezes a slot on the provider that serves, or frees it.
@Component(name = "dev.tenon.handover.pin")
public final class PinCommand implements OperatorCommand {
  private final SlotWishes wishes;

  /// Takes its reference.
  ///
  /// @param wishes where the wish is changed
  @Activate
  public PinCommand(@Reference(name = "wishes") SlotWishes wishes) {
    this.wishes = wishes;
  }

  @Override
  public String name() {
    return "pin";
  }

  @Override
  public String help() {
    return "keeps the provider that serves, whatever is wished for: pin SLOT; no longer: pin SLOT --off";
  }

  @Override
  public List<String> run(List<String> words) {
    boolean off = words.size() == 2 && words.get(1).equals("--off");
    if (words.size() != 1 && !off) {
      throw new IllegalArgumentException(help());
    }
    wishes.set(words.getFirst(), "pinned", !off);
    SlotStatus slot = wishes.slot(words.getFirst());
    return List.of(slot.name() + (off ? " is free: " : " is pinned: ") + slot.provider() + ", generation "
        + slot.generation() + ", " + slot.state());
  }
}
