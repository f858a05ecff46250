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
        + "--from LOCATION (or --use LOCATION) or --from-retained chooses; --sign shows what there is now, with the "
        + "--seen TOKEN of that answer lets it be signed on again but for what may have been signed before; --sign "
        + "--nothing-above for all: it says that no key in use on the slot has signed anything above what is there, as "
        + "a new key has not";
  }

  @Override
  public List<String> run(List<String> words) {
    if (words.size() < 2 || !words.getFirst().equals("recover")) {
      throw new IllegalArgumentException(help());
    }
    String slot = words.get(1);
    List<String> options = words.subList(2, words.size());
    if (options.isEmpty()) {
      return with(wishes.explain(slot), known(slot).lines());
    }
    String first = options.getFirst();
    if (options.size() == 1 && first.equals("--from-retained")) {
      return wishes.recover(slot, "");
    }
    if (options.size() == 2 && (first.equals("--from") || first.equals("--use"))) {
      return wishes.recover(slot, options.get(1));
    }
    List<String> rest = new ArrayList<>(options.subList(1, options.size()));
    boolean nothingAbove = rest.remove("--nothing-above");
    boolean seen = rest.size() == 2 && rest.getFirst().equals("--seen");
    if (!first.equals("--sign") || (!seen && !rest.isEmpty())) {
      throw new IllegalArgumentException(help());
    }
    return sign(slot, nothingAbove, seen ? rest.get(1) : "");
  }

  /// Lifts nothing unless the operator repeats what he was shown, and it still stands so.
  private List<String> sign(String slot, boolean nothingAbove, String seen) {
    KnownHeights known = known(slot);
    List<String> lines = nothingAbove ? unlessKnown(known) : known.lines();
    long generation = wishes.slot(slot).generation();
    String lifting = "slot recover " + slot + " --sign" + (nothingAbove ? " --nothing-above" : "");
    String token = known.token(lifting, generation);
    if (seen.equals(token)) {
      return wishes.sign(slot, nothingAbove, generation).lines();
    }
    Reply held = wishes.sign(slot, nothingAbove, 0);
    if (held.kind() != Reply.Kind.SHOWN) {
      return held.lines();
    }
    if (!seen.isEmpty()) {
      throw new IllegalArgumentException(
          "not lifted: it is no longer as it was shown with " + seen + "; look again with"
              + " ./tenon " + lifting + ": " + lines.getFirst());
    }
    return with(with(lines, held.lines()),
        List.of("nothing is lifted yet; where that may be signed from: ./tenon " + lifting + " --seen " + token));
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
