package dev.tenon.handover;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an operator may do about a slot whose record and locations only he can judge. Pure; infers nothing.
///
/// @param slot the full name
/// @param fact what the record says; null if there is no valid one
/// @param places all locations
record Recovery(String slot, @Nullable Fact fact, List<Found> places) {
  /// One location.
  ///
  /// @param place with its owner file
  /// @param bytes what it holds
  record Found(StartTable.Place place, long bytes) {
    String location() {
      return place.location();
    }

    /// @return null unless an owner file of a state can be read
    @Nullable
    Owner owner(Owner.State... states) {
      Owner owner = place.owner();
      return owner != null && List.of(states).contains(owner.state()) ? owner : null;
    }
  }

  /// What is to serve from now on.
  ///
  /// @param fact the record to write
  /// @param aside the other locations that are not sealed: kept beside, and never looked at or deleted by the node
  record Plan(Fact fact, List<String> aside) {}

  /// In words for an operator.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    Fact known = fact;
    lines.add(known == null
        ? "no valid record"
        : "the record names " + known.location() + " in generation " + known.generation() + ", format "
            + known.format() + ", provider " + known.provider() + "@" + known.version()
            + (known.isSigningOff() ? ", signing is off" : ""));
    for (Found found : places) {
      Owner owner = found.place().owner();
      lines.add(String.format(Locale.ROOT, "%s: %s, %.1f MiB", found.location(),
          owner == null
              ? "its owner file cannot be read"
              : owner.state().name().toLowerCase(Locale.ROOT) + " in generation " + owner.generation() + ", format "
                  + owner.format() + (owner.slot().equals(slot) ? "" : ", of slot " + owner.slot()),
          found.bytes() / (double) (1 << 20)));
    }
    for (Found found : places) {
      if (isOpen(found)) {
        lines.add("choice: --from " + found.location());
      }
    }
    newestRetained().ifPresent(found -> lines.add("choice: --from-retained, which is " + found.location()
        + "; what came after it is lost here"));
    lines.add(
        "either comes up with signing off; other locations that are sealed stay, the rest stays under another name");
    return lines;
  }

  /// @param location one that is not sealed; empty for the newest that is
  /// @throws IllegalArgumentException in one line, if that cannot be
  Plan plan(String location) {
    Found from = (location.isEmpty()
        ? newestRetained()
        : places.stream().filter(found -> found.location().equals(location)).findFirst())
        .orElseThrow(() -> new IllegalArgumentException(
            location.isEmpty() ? "nothing is retained" : "there is no location " + location));
    if (!location.isEmpty() && !isOpen(from)) {
      throw new IllegalArgumentException(location + " cannot be taken as it is: it is sealed (see --from-retained), it "
          + "belongs to another slot, or its owner file cannot be read");
    }
    Owner owner = Present.of(from.place().owner());
    long generation = fact == null ? 0 : fact.generation();
    for (Found found : places) {
      Owner other = found.place().owner();
      generation = Math.max(generation, other == null ? 0 : other.generation());
    }
    boolean same = fact != null && fact.slot().equals(slot) && fact.format().equals(owner.format());
    Fact next = new Fact(0, slot.substring(0, slot.indexOf('/')), slot, same ? Present.of(fact).provider() : "",
        same ? Present.of(fact).bundle() : "", same ? Present.of(fact).version() : "", "", "", "", owner.format(),
        generation + 1, from.location(), 0, Fact.SIGNING_OFF | Fact.RECOVERED);
    return new Plan(next,
        places.stream().filter(found -> !found.equals(from) && found.owner(Owner.State.SEALED) == null)
            .map(Found::location).toList());
  }

  private boolean isOpen(Found found) {
    Owner owner = found.owner(Owner.State.PREPARING, Owner.State.OWNED, Owner.State.CLOSED);
    return owner != null && owner.slot().equals(slot);
  }

  private Optional<Found> newestRetained() {
    Found newest = null;
    for (Found found : places) {
      Owner owner = found.owner(Owner.State.SEALED);
      Owner best = newest == null ? null : newest.place().owner();
      if (owner != null && owner.slot().equals(slot) && (best == null || owner.generation() > best.generation())) {
        newest = found;
      }
    }
    return Optional.ofNullable(newest);
  }
}
