package dev.tenon.handover;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The wish that was fulfilled before an operator asked for another provider: what he gives up falls back to it. Pure.
///
/// @param wish as it stood
/// @param asked what he has asked for since
record FormerWish(String wish, String asked) {
  /// Somebody is asked for.
  ///
  /// @param former what was noted before; null where nothing was
  /// @return null where no wish is known that was fulfilled
  static @Nullable FormerWish asking(@Nullable FormerWish former, SlotStatus slot, String provider) {
    if (isFulfilled(slot, slot.wish())) {
      return new FormerWish(slot.wish(), provider);
    }
    FormerWish noted = noted(former, slot);
    return noted == null ? null : new FormerWish(noted.wish(), provider);
  }

  /// What was noted, where nobody has changed the configuration since.
  private static @Nullable FormerWish noted(@Nullable FormerWish former, SlotStatus slot) {
    return former != null && former.asked().equals(slot.wish()) ? former : null;
  }

  /// What is wished for once that is given up. A wish that is fulfilled is left as it is, unless a newer version is
  /// followed: then it names the version that serves.
  ///
  /// @param former what was noted
  /// @param present who is registered for the role, as labels
  static String givenUp(@Nullable FormerWish former, SlotStatus slot, List<String> present) {
    FormerWish noted = noted(former, slot);
    if (slot.provider().isEmpty()) {
      return slot.wish(); // nobody is known who could be given up for
    }
    if (noted != null && !slot.state().isServing() && slot.outcome().kind() != HandoverOutcome.Kind.DONE) {
      return noted.wish(); // who was asked for may be opening the location just now
    }
    if (isFulfilled(slot, slot.wish())) {
      boolean follows = slot.progress() != null || slot.failedHandovers() > 0;
      return follows ? slot.provider() : slot.wish();
    }
    return noted != null && isFulfilled(slot, noted.wish())
        ? noted.wish()
        : named(slot.provider(), present);
  }

  /// A wish that nobody but one provider fulfils: its version is named only where others of its name are there, since
  /// nothing is followed by a wish that names one.
  ///
  /// @param label `name@version`
  /// @param present as above
  static String named(String label, List<String> present) {
    String name = SwapCommand.shortName(label);
    boolean alone = present.stream().filter(other -> SwapCommand.shortName(other).equals(name)).allMatch(label::equals);
    return alone ? name : label;
  }

  /// Whether who serves is whom a wish asks for; an empty one asks for anybody.
  static boolean isFulfilled(SlotStatus slot, String wish) {
    int sign = slot.provider().indexOf('@');
    return wish.isEmpty() || (sign > 0 && Candidate.matches(wish, slot.provider().substring(0, sign),
        slot.provider().substring(sign + 1)));
  }
}
