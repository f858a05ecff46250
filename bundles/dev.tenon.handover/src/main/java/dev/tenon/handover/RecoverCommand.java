package dev.tenon.handover;

import dev.tenon.runtime.status.HeightsKnown;
import dev.tenon.runtime.status.HeightsKnown.Known;
import dev.tenon.runtime.status.OperatorCommand;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/// Brings back a slot that has failed, from what the operator chooses, and lets it be signed on again. Before that he
/// sees the highest heights known, told by whoever knows any: neither slots nor their providers know what heights are.
@Component(name = "dev.tenon.handover.recover")
public final class RecoverCommand implements OperatorCommand {
  private final SlotWishes wishes;

  @Reference(name = "heights", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<HeightsKnown> heights = List.of();

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
    return "brings back a slot that has failed: slot recover SLOT says what there is and the highest heights known, "
        + "--from LOCATION or --from-retained chooses, --sign lets it be signed on again but for what may have been "
        + "signed before, --sign --nothing-above for all: it says that no key in use on the slot has signed anything "
        + "above what is there, as a new key has not";
  }

  @Override
  public List<String> run(List<String> words) {
    if (words.size() < 2 || !words.getFirst().equals("recover")) {
      throw new IllegalArgumentException(help());
    }
    String slot = words.get(1);
    return switch (String.join(" ", words.subList(2, words.size()))) {
      case "" -> with(wishes.explain(slot), known(slot).lines());
      case "--from-retained" -> wishes.recover(slot, "");
      case "--sign" -> {
        List<String> known = known(slot).lines(); // as they were before it signs anything
        yield with(known, wishes.sign(slot, false));
      }
      case "--sign --nothing-above" -> {
        List<String> known = unlessKnown(known(slot));
        yield with(known, wishes.sign(slot, true));
      }
      default -> {
        if (words.size() != 4 || !words.get(2).equals("--from")) {
          throw new IllegalArgumentException(help());
        }
        yield wishes.recover(slot, words.get(3));
      }
    };
  }

  /// @return the heights known
  /// @throws IllegalArgumentException if they say that something was signed above what is here
  static List<String> unlessKnown(KnownHeights known) {
    if (known.contradicts()) {
      throw new IllegalArgumentException("not lifted: " + known.lines().getFirst());
    }
    return known.lines();
  }

  private KnownHeights known(String slot) {
    List<Known> all = heights.stream().flatMap(each -> each.heights().stream()).toList();
    return new KnownHeights(wishes.slot(slot).name().node(), all);
  }

  private static List<String> with(List<String> first, List<String> then) {
    List<String> lines = new ArrayList<>(first);
    lines.addAll(then);
    return lines;
  }
}
