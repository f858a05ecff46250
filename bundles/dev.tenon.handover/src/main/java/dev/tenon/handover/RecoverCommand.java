package dev.tenon.handover;

import dev.tenon.runtime.status.OperatorCommand;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/// Brings back a slot that has failed, from what the operator chooses, and lets it be signed on again.
@Component(name = "dev.tenon.handover.recover")
public final class RecoverCommand implements OperatorCommand {
  private final SlotWishes wishes;

  /// Takes its reference.
  ///
  /// @param wishes where slots are asked
  @Activate
  public RecoverCommand(@Reference(name = "wishes") SlotWishes wishes) {
    this.wishes = wishes;
  }

  @Override
  public String name() {
    return "slot";
  }

  @Override
  public String help() {
    return "brings back a slot that has failed: slot recover SLOT says what there is, --from LOCATION or "
        + "--from-retained chooses, --sign lets it be signed on again";
  }

  @Override
  public List<String> run(List<String> words) {
    if (words.size() < 2 || !words.getFirst().equals("recover")) {
      throw new IllegalArgumentException(help());
    }
    String slot = words.get(1);
    return switch (String.join(" ", words.subList(2, words.size()))) {
      case "" -> wishes.explain(slot);
      case "--from-retained" -> wishes.recover(slot, "");
      case "--sign" -> wishes.sign(slot);
      default -> {
        if (words.size() != 4 || !words.get(2).equals("--from")) {
          throw new IllegalArgumentException(help());
        }
        yield wishes.recover(slot, words.get(3));
      }
    };
  }
}
