package dev.tenon.handover;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a slot's record and locations mean when a node starts. Pure; infers no deletion.
final class StartTable {
  private StartTable() {}

  /// One location.
  ///
  /// @param location relative to the node's folder
  /// @param owner null if its owner file cannot be read
  record Place(String location, @Nullable Owner owner) {}

  /// What follows.
  sealed interface Verdict {
    /// Nothing was ever acknowledged.
    ///
    /// @param aside a preparation to move aside
    record Vacant(List<String> aside) implements Verdict {}

    /// The record and its location stand.
    ///
    /// @param fact the record
    /// @param owner of its location
    /// @param aside preparations that did not commit: moved aside
    /// @param superseded predecessors whose retiring goes on: marked sealed
    /// @param kept what may have been renamed back after a recovery that had set it aside: set aside again, and never
    ///     deleted. A predecessor whose retiring was cut short cannot be told from it, and stays too
    record Serve(Fact fact, Owner owner, List<String> aside, List<Place> superseded, List<String> kept)
        implements Verdict {}

    /// Only the operator can know.
    ///
    /// @param reason names what was found
    record Refuse(String reason) implements Verdict {}
  }

  static Verdict judge(String slot, @Nullable Fact fact, List<Place> places) {
    if (fact != null && !fact.slot().equals(slot)) {
      return new Verdict.Refuse("the record belongs to slot " + fact.slot());
    }
    long generation = fact == null ? 0 : fact.generation();
    Owner authoritative = null;
    List<String> aside = new ArrayList<>();
    List<Place> superseded = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    for (Place place : places) {
      Owner owner = place.owner();
      if (owner == null) {
        return new Verdict.Refuse("the owner file of " + place.location() + " cannot be read");
      }
      if (!owner.slot().equals(slot)) {
        return new Verdict.Refuse(place.location() + " belongs to slot " + owner.slot());
      }
      boolean named = fact != null && fact.location().equals(place.location());
      boolean understood = switch (owner.state()) {
        case PREPARING -> owner.generation() <= (named ? generation : generation + 1);
        case OWNED, CLOSED -> named ? owner.generation() <= generation : owner.generation() < generation;
        case SEALED -> !named && owner.generation() < generation;
      };
      if (!understood) {
        return new Verdict.Refuse(place.location() + " is " + owner.state() + " in generation " + owner.generation()
            + ", the record " + (fact == null ? "is absent" : "names " + fact.location() + " in " + generation));
      }
      if (named) {
        authoritative = owner;
      } else if (owner.state() == Owner.State.PREPARING) {
        aside.add(place.location());
      } else if (owner.state() != Owner.State.SEALED && fact != null && fact.isRecovered()) {
        kept.add(place.location());
      } else if (owner.state() != Owner.State.SEALED) {
        superseded.add(place);
      }
    }
    if (fact == null) {
      return new Verdict.Vacant(aside);
    }
    if (authoritative == null) {
      return new Verdict.Refuse("the record names " + fact.location() + ", which is absent");
    }
    return new Verdict.Serve(fact, authoritative, aside, superseded, kept);
  }
}
