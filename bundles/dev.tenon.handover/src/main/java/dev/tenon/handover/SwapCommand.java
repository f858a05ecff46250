package dev.tenon.handover;

import dev.tenon.runtime.status.OperatorCommand;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverProgress;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/// Hands a slot over to another provider, tells how far that is, or gives it up. Whoever waits asks again: the first
/// word is `working`, `done` or `failed`.
@Component(name = "dev.tenon.handover.swap")
public final class SwapCommand implements OperatorCommand {
  private static final double MS_NS = 1e6;
  private static final String CANCEL = "--cancel";
  /// Of a swap to a provider.
  private static final List<String> OPTIONS = List.of("", "--dry-run", "--evict", CANCEL);

  private final SlotWishes wishes;

  /// Takes its reference.
  ///
  /// @param wishes where the wish is changed
  @Activate
  public SwapCommand(@Reference(name = "wishes") SlotWishes wishes) {
    this.wishes = wishes;
  }

  @Override
  public String name() {
    return "swap";
  }

  @Override
  public String help() {
    return "hands a slot over: swap SLOT PROVIDER[@VERSION]; what that would be: swap SLOT PROVIDER --dry-run; "
        + "how far it is: swap SLOT; gives it up: swap SLOT [PROVIDER[@VERSION]] --cancel; leaves a call behind that "
        + "does not end: swap SLOT PROVIDER --evict";
  }

  @Override
  public List<String> run(List<String> words) {
    String option = words.size() == 3 ? words.get(2) : "";
    if (words.isEmpty() || words.size() > 3 || !OPTIONS.contains(option)) {
      throw new IllegalArgumentException(help());
    }
    String name = words.getFirst();
    SlotStatus slot = wishes.slot(name);
    if (words.size() == 1) {
      return List.of(progress(slot));
    }
    String provider = words.get(1);
    if (provider.equals(CANCEL) && option.isEmpty()) {
      return List.of(wishes.giveUp(name, ""));
    }
    if (provider.startsWith("-")) {
      throw new IllegalArgumentException(help());
    }
    if (!SlotComponent.isWish(provider) || provider.isEmpty()) {
      throw new IllegalArgumentException("'" + provider + "': a provider's short name, perhaps with @ and a version");
    }
    if (option.equals(CANCEL)) {
      return List.of(wishes.giveUp(name, provider));
    }
    if (option.equals("--dry-run")) {
      return List.of(wishes.look(name, provider).toString());
    }
    wishes.swap(name, provider, option.equals("--evict"));
    return List.of("asked for " + provider);
  }

  /// How far a slot is with what is wished for.
  static String progress(SlotStatus slot) {
    boolean fulfilled = FormerWish.isFulfilled(slot, slot.wish());
    if (fulfilled && slot.state() == SlotState.ACTIVE) {
      HandoverOutcome last = slot.outcome();
      boolean copied = last.kind() == HandoverOutcome.Kind.DONE && last.items() > 0;
      return String.format(Locale.ROOT, "done: %s serves, generation %d, last pause %.1f ms%s", slot.provider(),
          slot.generation(), slot.lastPauseNs() / MS_NS, copied ? ", " + last.carried() : "");
    }
    if (slot.state() == SlotState.FAILED) {
      return "failed: " + slot.name() + " is FAILED: " + slot.reason() + "; see slot recover " + slot.name();
    }
    HandoverProgress progress = slot.progress();
    if (progress == null && slot.pinned() && !fulfilled) {
      return "failed: " + pinned(slot);
    }
    if (progress == null && slot.outcome().isFailure()) {
      boolean again = slot.outcome().kind() != HandoverOutcome.Kind.HANGS;
      return "failed: " + slot.outcome() + "; "
          + (slot.state().isServing() ? slot.provider() + " serves" + (again ? ", it is tried again" : "")
              : "the slot is " + slot.state());
    }
    return "working: " + slot.state() + (progress == null ? ", waits for " + slot.wish() : ", " + progress)
        + (slot.reason().isEmpty() ? "" : ", " + slot.reason());
  }

  private static String pinned(SlotStatus slot) {
    return "slot " + slot.name() + " is pinned on " + slot.provider() + "; the wish waits for pin "
        + slot.name() + " --off";
  }

  static String shortName(String label) {
    int sign = label.indexOf('@');
    return sign < 0 ? label : label.substring(0, sign);
  }
}
