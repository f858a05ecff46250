package dev.tenon.scenarios;

import java.util.ArrayList;
import java.util.List;

/// Ordered broadcast on slots that are handed over while it runs: journals between `segmented` and `storage.mapdb`,
/// schemes between two arithmetics.
final class SwapScenarios {
  private SwapScenarios() {}

  static List<BroadcastScenario> all() {
    return List.of(
        scenario("swaps-calm", "journals and schemes are handed over, and nothing goes wrong", SwapTroubles::calm,
            List.of(pairs(),
                in("journal serving rewind, journal serving prune, journal serving remove, journal serving create",
                    "PREPARE"),
                in("journal standby rewind", "PREPARE, VERIFY"), in("journal standby prune", "VERIFY"),
                words("journal standby remove, former generations refused"))),
        scenario("swaps-newcomer-fails", "who is to take over fails in any of its calls", SwapTroubles::newcomerFails,
            List.of(in("journal standby fails", "PREPARE, VERIFY"), in("scheme standby fails", "PREPARE"),
                calls("journal standby", "open, create, append, rewind, prune, read, sync", "fails"),
                calls("scheme standby", "open, register, scoped", "fails"),
                words("journal handover ended FAILED, scheme handover ended FAILED"))),
        scenario("swaps-newcomer-hangs", "who is to take over does not return from a call", SwapTroubles::newcomerHangs,
            List.of(in("journal standby hangs", "PREPARE, VERIFY"), in("scheme standby hangs", "PREPARE"),
                calls("journal standby", "open, create, append, read, sync", "hangs"),
                calls("scheme standby", "open, register, scoped", "hangs"),
                words("journal handover ended OVERDUE, scheme handover ended OVERDUE"))),
        scenario("swaps-server-fails", "who serves fails in any of its calls, in every phase",
            SwapTroubles::serverFails,
            List.of(in("journal serving fails", "IDLE, PREPARE, FENCE, RESUME, RETIRE, RECOVER"),
                in("scheme serving fails", "IDLE, RETIRE"),
                calls("journal serving", "activate, append, rewind, prune, read, sync, close", "fails"),
                calls("scheme serving", "sign, verify, scoped", "fails"), words("journal opened again"))),
        scenario("swaps-server-hangs", "who serves does not return from a call", SwapTroubles::serverHangs,
            List.of(in("journal serving hangs", "IDLE, PREPARE, FENCE, RESUME, RETIRE"),
                in("scheme serving hangs", "IDLE"),
                calls("journal serving", "activate, append, read, sync", "hangs"),
                calls("scheme serving", "sign, verify", "hangs"),
                words("journal opened again, journal handover ended OVERDUE, scheme evicted"))),
        scenario("swaps-crashes", "nodes crash in every phase", SwapTroubles::crashes,
            List.of(in("journal power loss", "PREFLIGHT, PREPARE, FENCE, VERIFY, COMMIT, RESUME, RETIRE, SEAL, OPEN"),
                in("journal kill", "PREPARE, VERIFY, COMMIT, RESUME, RETIRE, OPEN"),
                in("scheme power loss", "PREPARE, COMMIT, RETIRE"), in("scheme kill", "PREPARE, COMMIT, RETIRE"),
                in("journal stop, scheme stop", "SEALED"))),
        scenario("swaps-disk-full", "disks fill up in every phase", SwapTroubles::diskFull,
            List.of(in("journal standby disk full", "PREPARE, VERIFY"),
                in("journal serving disk full", "IDLE, PREPARE, RETIRE, RECOVER"),
                words("journal handover ended NO_SPACE, journal handover ended FAILED"))),
        scenario("swaps-disk-errors", "storage calls fail in every phase", SwapTroubles::diskErrors,
            List.of(words("disk error, journal handover ended FAILED, journal handover ended RECORD"),
                words("scheme handover ended RECORD, journal opened again, scheme opened again"))),
        scenario("swaps-wishes", "what is wished for changes in every phase, and is pinned", SwapTroubles::wishes,
            List.of(in("journal taken back, journal pinned, journal nobody wished for",
                "PREFLIGHT, PREPARE, FENCE, COMMIT, RESUME, RETIRE"),
                in("scheme taken back, scheme pinned", "PREPARE, COMMIT"),
                words("journal handover ended CANCELLED, scheme handover ended CANCELLED, journal version wished for"),
                words("journal look told POSSIBLE, scheme look told POSSIBLE"))),
        scenario("swaps-updates", "bundles stop, vanish and come beside each other in every phase",
            SwapTroubles::updates,
            List.of(in("journal stop of one that serves, journal stop of one that does not serve",
                "PREFLIGHT, PREPARE, FENCE, VERIFY, COMMIT, RESUME, RETIRE"),
                in("scheme stop of one that serves, scheme stop of one that does not serve", "PREPARE, COMMIT"),
                words("journal newer version of one that serves, journal newer version of one that does not serve"),
                words("journal opened by another version, scheme opened by another version"),
                words("journal handover ended GONE, journal handover ended LEFT, scheme handover ended GONE"))),
        scenario("swaps-everything", "all of these in one run, with epochs and lossy links", SwapTroubles::everything,
            List.of(pairs(), words("journal opened again, journal opened by another version, disk error"))));
  }

  private static BroadcastScenario scenario(String name, String help, Trouble trouble,
      List<List<String>> reaches) {
    return new BroadcastScenario(name, help, Plan.SWAPS, trouble,
        reaches.stream().flatMap(List::stream).distinct().toList());
  }

  private static List<String> words(String list) {
    return List.of(list.split(", "));
  }

  /// Each of some things in each of some moments.
  private static List<String> in(String things, String moments) {
    return words(things).stream().flatMap(thing -> words(moments).stream().map(moment -> thing + " in " + moment))
        .toList();
  }

  private static List<String> calls(String whose, String calls, String end) {
    return words(calls).stream().map(call -> whose + " " + call + " " + end).toList();
  }

  private static List<String> pairs() {
    List<String> pairs = new ArrayList<>();
    for (String role : SlotChecks.ROLES) {
      List<String> both = SlotChecks.providers(role);
      pairs.add(role + " " + both.getFirst() + " to " + both.getLast());
      pairs.add(role + " " + both.getLast() + " to " + both.getFirst());
    }
    return pairs;
  }
}
