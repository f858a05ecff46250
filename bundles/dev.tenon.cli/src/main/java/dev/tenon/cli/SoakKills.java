package dev.tenon.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// Where the processes of a soak are killed: at random, and at the boundaries of what a slot does.
final class SoakKills {
  /// As the slots' strands call them. Not each of them is passed by each handover.
  private static final List<String> STEPS = List.of("take", "locate", "open", "export", "apply", "verify", "revoke",
      "hand-over", "resume", "own", "close", "retain", "seal", "mark", "commit", "batch", "drop");
  /// Those that make something durable: what is to be handed over to syncs in `apply` and `verify`, the record is
  /// forced in `hand-over` and `commit`, the owner file in `locate`, `own`, `retain` and `mark`; `drop` deletes.
  ///
  /// Others write the record too, where no soak comes by itself: `note` where acknowledged items are gone, `sign` for
  /// an operator, `settle` after a write for him that failed. And `load` ends before a start can be asked to hold.
  private static final List<String> FLUSHES = List.of("open", "apply", "verify", "hand-over", "commit", "locate", "own",
      "retain", "mark", "batch", "seal", "drop");
  private static final List<String> OF_REOPENING = List.of("open", "seal", "mark", "commit");
  /// One kill in so many comes at random.
  private static final int RANDOM_EVERY = 4;
  /// So many kills may have come elsewhere than they were meant to: one in so many.
  private static final int ELSEWHERE_EVERY = 4;
  /// So often a place may be missed that slots come to otherwise, where it is never met: bad luck, but once.
  private static final int MISSED_MAX = 1;

  /// @param step of a slot
  /// @param edge `begin` and `end` of it, `flush` and `flushed` before and after the first that it makes durable
  record Boundary(String step, String edge) {
    /// Whether a handover to another provider does not pass it, or makes nothing durable there.
    boolean isOfReopening() { return OF_REOPENING.contains(step); }

    @Override
    public String toString() {
      return step + " " + edge;
    }
  }

  private final List<Boundary> order = new ArrayList<>();
  private final List<String> places = new ArrayList<>();
  private final List<String> elsewhere = new ArrayList<>();
  private final Set<String> passed = new TreeSet<>();
  private final String at;
  private int meant;

  SoakKills(Random random) {
    this(random, "");
  }

  /// @param at a step, or a step and an edge, where all kills are meant to be; empty for all places and at random
  SoakKills(Random random, String at) {
    this.at = at;
    List<Boundary> edges = both(STEPS, "begin", "end", random);
    List<Boundary> flushes = both(FLUSHES, "flush", "flushed", random);
    for (int i = 0; i < edges.size(); i++) {
      if (i < flushes.size()) order.add(flushes.get(i));
      order.add(edges.get(i));
    }
    order.removeIf(place -> !at.isEmpty() && !at.equals(place.step()) && !at.equals(place.toString()));
  }

  private static List<Boundary> both(List<String> steps, String before, String after, Random random) {
    List<Boundary> all = new ArrayList<>();
    for (String step : steps) all.addAll(List.of(new Boundary(step, before), new Boundary(step, after)));
    Collections.shuffle(all, random);
    return all;
  }

  /// @return how many have been
  int count() {
    return places.size() + elsewhere.size();
  }

  boolean isNextAtRandom() { return at.isEmpty() && count() % RANDOM_EVERY == RANDOM_EVERY - 1; }

  /// @return what kills are meant for
  static String steps() {
    return String.join(", ", STEPS) + ", alone or with begin, end, flush or flushed";
  }

  /// @return where kills are meant to be, each once
  List<String> order() {
    return order.stream().map(Boundary::toString).toList();
  }

  /// @return where the next one is meant to be: each place once before any comes again
  Boundary next() {
    return order.get(meant % order.size());
  }

  void atRandom() {
    places.add("random");
  }

  /// @param reached whether the slot was held there when it came
  void at(Boundary boundary, boolean reached) {
    meant++;
    (reached ? places : elsewhere).add(boundary.toString());
  }

  /// @param places where slots came by in a process that was not killed
  void passed(Collection<String> places) {
    passed.addAll(places);
  }

  /// @return what is wrong with it; empty where most came where they were meant to, and no place is out of reach
  String fault() {
    if (elsewhere.size() * ELSEWHERE_EVERY > meant) {
      return elsewhere.size() + " of " + meant + " kills came elsewhere than they were meant to";
    }
    List<String> unreached = unreached();
    return unreached.isEmpty() ? "" : "no slot comes to " + String.join(", ", unreached);
  }

  /// Among many kills one place that there is not is a small share, however often it is asked for. Nobody came to it
  /// when that was asked for; and nobody comes to it otherwise, or it was asked for more often than bad luck explains.
  private List<String> unreached() {
    return elsewhere.stream().distinct().filter(place -> !places.contains(place))
        .filter(place -> !passed.contains(place) || Collections.frequency(elsewhere, place) > MISSED_MAX).toList();
  }

  /// @return lines of the report
  String told() {
    String told = String.format("kills        %d, at: %s%n", count(), String.join(", ", places));
    return elsewhere.isEmpty()
        ? told
        : told + String.format("not reached  %s (killed all the same)%n", String.join(", ", elsewhere));
  }
}
