package dev.tenon.handover;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an operator may do about a slot whose record and locations only he can judge. Pure; infers nothing.
///
/// @param slot the full name
/// @param fact what the record says; null if there is no valid one
/// @param places all locations
/// @param kept what was set aside before
record Recovery(String slot, @Nullable Fact fact, List<Found> places, List<Found> kept) {
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
            + known.format() + ", provider " + Candidate.label(known.provider(), known.version())
            + (known.isSigningOff() ? ", signing is off" : ""));
    for (Found found : Stream.concat(places.stream(), kept.stream()).toList()) {
      Owner owner = found.place().owner();
      lines.add(String.format(Locale.ROOT, "%s: %s, %.1f MiB", found.location(),
          owner == null
              ? "its owner file cannot be read"
              : owner.state().name().toLowerCase(Locale.ROOT) + " in generation " + owner.generation() + ", format "
                  + owner.format() + (owner.slot().equals(slot) ? "" : ", of slot " + owner.slot()),
          found.bytes() / (double) (1 << 20)));
    }
    for (Found found : Stream.concat(places.stream(), kept.stream()).filter(this::isOpen).toList()) {
      lines.add("choice: --from " + found.location() + hint(found));
    }
    newestRetained().ifPresent(found -> lines.add("choice: --from-retained, which is " + found.location()
        + "; what came after it is lost here"));
    lines.add(
        "either comes up with signing off; other locations that are sealed stay, the rest stays under another name");
    return lines;
  }

  private static String hint(Found found) {
    Owner owner = found.place().owner();
    return owner == null ? "; the record says what is in it"
        : owner.state() == Owner.State.PREPARING ? "; it was only being filled, and may hold a part of what was here"
        : isKept(found.location()) ? "; it was set aside before"
        : "";
  }

  /// Whether a location was set aside before, by its name.
  static boolean isKept(String location) {
    return location.matches(".*/[1-9][0-9]{0,17}\\.kept-[0-9]+");
  }

  /// @param location one that is not sealed, or was set aside before; empty for the newest that is sealed
  /// @throws IllegalArgumentException in one line, if that cannot be
  Plan plan(String location) {
    Found from = (location.isEmpty()
        ? newestRetained()
        : Stream.concat(places.stream(), kept.stream()).filter(found -> found.location().equals(location)).findFirst())
        .orElseThrow(() -> new IllegalArgumentException(
            location.isEmpty() ? "nothing is retained" : "there is no location " + location));
    if (!location.isEmpty() && !isOpen(from)) {
      throw new IllegalArgumentException(location + " cannot be taken as it is: it is sealed (see --from-retained), it "
          + "belongs to another slot, it was only being filled, or its owner file cannot be read");
    }
    String to = isKept(location) ? location.substring(0, location.indexOf(".kept-", location.lastIndexOf('/')))
        : from.location();
    if (isKept(location) && places.stream().anyMatch(found -> found.location().equals(to)
        && found.owner(Owner.State.SEALED) != null)) {
      throw new IllegalArgumentException(location + " cannot be taken: " + to + " is there, and sealed");
    }
    Owner owner = from.place().owner();
    String format = owner == null ? Present.of(fact).format() : owner.format();
    long generation = fact == null ? 0 : fact.generation();
    for (Found found : Stream.concat(places.stream(), kept.stream()).toList()) {
      Owner other = found.place().owner();
      generation = Math.max(generation, other == null ? 0 : other.generation());
    }
    boolean same = fact != null && fact.slot().equals(slot) && fact.format().equals(format);
    Fact next = new Fact(0, slot.substring(0, slot.indexOf('/')), slot, same ? Present.of(fact).provider() : "",
        same ? Present.of(fact).bundle() : "", same ? Present.of(fact).version() : "", "", "", "", format,
        generation + 1, to, 0, Fact.SIGNING_OFF | Fact.RECOVERED);
    return new Plan(next,
        places.stream().filter(found -> !found.equals(from) && found.owner(Owner.State.SEALED) == null)
            .map(Found::location).toList());
  }

  /// What was being filled lacks what somebody who was in charge has: its owner file says `owned` before the first
  /// answer. So it counts only where the record names it, or nobody else is there. An owner file that cannot be read
  /// takes nothing away from what the record names.
  private boolean isOpen(Found found) {
    Owner owner = found.place().owner();
    boolean named = fact != null && fact.slot().equals(slot) && fact.location().equals(found.location());
    if (owner == null) {
      return named;
    }
    return owner.slot().equals(slot) && switch (owner.state()) {
      case OWNED, CLOSED -> true;
      case PREPARING -> named || (places.contains(found)
          && Stream.concat(places.stream(), kept.stream()).allMatch(each -> each.owner(Owner.State.PREPARING) != null));
      case SEALED -> false;
    };
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
