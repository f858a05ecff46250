package dev.tenon.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Where the processes of a soak are killed: at random, and at the boundaries of what a slot does.
final class SoakKills {
  /// As the slots' strands call them. Not each of them is passed by each handover.
  private static final List<String> STEPS = List.of("take", "locate", "open", "export", "apply", "verify", "revoke",
      "hand-over", "resume", "own", "close", "retain", "seal", "mark", "commit", "batch");
  /// Those that make something durable: what is to be handed over to syncs in `apply` and `verify`, the record is
  /// forced in `hand-over` and `commit`, the owner file in `locate`, `own`, `retain` and `mark`; `forget` deletes.
  private static final List<String> FLUSHES = List.of("open", "apply", "verify", "hand-over", "commit", "locate", "own",
      "retain", "mark", "batch", "seal", "forget");
  private static final List<String> OF_REOPENING = List.of("open", "seal", "mark", "commit");
  /// One kill in so many comes at random.
  private static final int RANDOM_EVERY = 4;
  /// So many kills may have come elsewhere than they were meant to: one in so many.
  private static final int ELSEWHERE_EVERY = 4;

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
  private int meant;

  SoakKills(Random random) {
    List<Boundary> edges = both(STEPS, "begin", "end", random);
    List<Boundary> flushes = both(FLUSHES, "flush", "flushed", random);
    for (int i = 0; i < edges.size(); i++) {
      if (i < flushes.size()) order.add(flushes.get(i));
      order.add(edges.get(i));
    }
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

  boolean isNextAtRandom() { return count() % RANDOM_EVERY == RANDOM_EVERY - 1; }

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

  /// @return what is wrong with it; empty where most came where they were meant to
  String fault() {
    return elsewhere.size() * ELSEWHERE_EVERY <= meant
        ? ""
        : elsewhere.size() + " of " + meant + " kills came elsewhere than they were meant to";
  }

  /// @return lines of the report
  String told() {
    String told = String.format("kills        %d, at: %s%n", count(), String.join(", ", places));
    return elsewhere.isEmpty()
        ? told
        : told + String.format("not reached  %s (killed all the same)%n", String.join(", ", elsewhere));
  }
}
