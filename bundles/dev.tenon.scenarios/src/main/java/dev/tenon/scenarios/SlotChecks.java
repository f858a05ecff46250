package dev.tenon.scenarios;

import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SwapLimits;
import dev.tenon.handover.Terms;
import dev.tenon.journal.JournalProvider;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import dev.tenon.testkit.journal.JournalWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What has to hold of slots that are handed over: nothing in them lasts for ever, callers see no error where the
/// trouble is none of theirs, and once all is well each slot serves whom it is wished to.
final class SlotChecks {
  static final List<String> ROLES = List.of(JournalProvider.ROLE, SchemeFactory.ROLE);

  private static final String OPEN_HUNG = "open has not ended in time";
  /// The longest back-offs and deadlines of a slot, a few times over.
  private static final Duration SERVED_WITHIN = Duration.ofMinutes(1);
  /// A deletion begins with a tick, and takes a while.
  private static final Duration SWEPT_LOOK_EVERY = Duration.ofMillis(500);
  private static final int SWEPT_LOOKS = 10;

  private final World world;
  private boolean wantsNoErrors;
  private boolean isHealed;
  private final TreeMap<String, Integer> loads = new TreeMap<>();

  SlotChecks(World world) {
    this.world = world;
  }

  /// Short, so that deadlines pass within the trouble.
  static SlotLimits limits(Dice dice) {
    return new SlotLimits(4_096, 4 << 20, 5_000, 1_000, 2_000, 500, 20, 500,
        new SwapLimits(20, 20_000, 300, 700, dice.one(List.of(0, 1_000, 600_000)), dice.one(List.of(1_500, 5_000))));
  }

  /// Nothing of this trouble is a reason for an error of a journal's caller, only for delay.
  void wantsNoErrors() {
    wantsNoErrors = true;
  }

  /// How long a slot may stay where it stands, unless it waits for the world.
  Duration lastsAtMost(Moment moment) {
    SlotLimits limits = world.limits();
    SwapLimits swap = limits.swap();
    long operation = limits.operationDeadlineMs();
    return Duration.ofMillis(switch (moment) {
      case PREFLIGHT -> 2 * operation;
      case PREPARE -> swap.prepareTimeoutMs() + operation;
      case FENCE, VERIFY -> swap.drainDeadlineMs() + swap.fenceBudgetMs();
      case COMMIT -> 2 * operation;
      case RESUME -> limits.openDeadlineMs();
      case SEAL -> swap.drainDeadlineMs() + 2 * limits.sealDeadlineMs() + operation;
      case OPEN -> 2 * operation + 2 * limits.openDeadlineMs();
      case DOWN, IDLE, RETIRE, RECOVER, EMPTY, FAILED, SEALED -> Long.MAX_VALUE >> 32;
    });
  }

  /// A slot has failed: what was planted has to explain it. Once all is well its operator helps at once.
  void failed(Member member, SlotStatus slot) {
    String role = slot.name().role();
    if (!member.faults().opensHang() || !slot.reason().equals(OPEN_HUNG)) {
      world.witness().violated(slot.name() + " has failed: " + slot.reason());
    } else if (isHealed) {
      world.simulation().after(Duration.ofMillis(100), () -> member.swap(role, member.terms(role).provider(), false));
    }
  }

  /// All providers are there and well, nothing is pinned, and the operators want what they wished for last.
  void heal() {
    if (!world.plan().swaps()) {
      return;
    }
    isHealed = true;
    for (Member member : world.members()) {
      member.faults().clear();
      for (String role : ROLES) {
        providers(role).forEach(each -> member.bundles().comeBack(role, each));
        free(member, role);
        Terms terms = member.terms(role);
        String wish = terms.provider();
        boolean known = providers(role).contains(wish);
        member.wish(role, new Terms(known ? wish : providers(role).getFirst(), false, terms.onGone(), terms.follow()));
      }
    }
    // What was asked for before ends first.
    world.until(() -> false, Duration.ofMillis(300));
    world.members().forEach(member -> ROLES.forEach(role -> member.swap(role, member.terms(role).provider(), false)));
  }

  static List<String> providers(String role) {
    return role.equals(JournalProvider.ROLE) ? List.of("segmented", "mapdb") : World.SCHEMES;
  }

  static String other(String role, String provider) {
    List<String> both = providers(role);
    return both.get(provider.equals(both.getFirst()) ? 1 : 0);
  }

  /// A call that never ends, and that no strand waits for, goes with its provider only.
  private void free(Member member, String role) {
    if (member.faults().isStuck(role)) {
      providers(role).forEach(each -> member.bundles().update(role, each, Duration.ofMillis(50)));
    }
  }

  /// Promise H10: each slot serves whom it is wished to.
  void served(String when) {
    if (!world.plan().swaps()) {
      return;
    }
    long[] asked = {-1};
    boolean[] served = {false};
    boolean all = world.until(() -> {
      if (asked[0] != world.watch().changes()) { // asked before each event: most often nothing has changed
        asked[0] = world.watch().changes();
        served[0] = unserved().isEmpty();
      }
      return served[0];
    }, SERVED_WITHIN);
    if (!all) {
      unserved().forEach(slot -> world.witness().violated(when + " " + slot));
    }
  }

  private List<String> unserved() {
    List<String> unserved = new ArrayList<>();
    for (Member member : world.members()) {
      for (String role : ROLES) {
        String wish = member.terms(role).provider();
        if (member.status(role).filter(slot -> slot.state() == SlotState.ACTIVE
            && slot.provider().startsWith(wish + "@")).isEmpty()) {
          unserved.add(member.name() + " does not serve " + wish + ": " + member.status(role));
        }
      }
    }
    return unserved;
  }

  /// Writers change nothing more, so that the last comparison is of all.
  void calm() {
    for (Member member : world.members()) {
      for (JournalWriter writer : member.writers()) {
        writer.calm();
        int before = writer.commits();
        if (!world.until(() -> writer.commits() > before, World.PROGRESS_WITHIN)) {
          world.witness().violated(member.name() + ": a writer is not answered any more");
        }
        Duration park = Duration.ofMillis(world.limits().parkTimeoutMs());
        if (!world.until(() -> writer.owed() == 0, park)) {
          world.witness().violated(member.name() + ": a writer is owed " + writer.owed() + " answers");
        }
        // Not before: what expires does so long after the trouble that it waited for.
        if (wantsNoErrors && writer.failures() > 0) {
          world.witness().violated(member.name() + ": a caller saw " + writer.failures() + " errors");
        }
      }
    }
    world.members().forEach(member -> loads.put(member.name(), loads(member)));
  }

  /// Each writer has compared what it finds once more.
  void loaded() {
    for (Member member : world.members()) {
      int before = loads.getOrDefault(member.name(), 0);
      int writers = member.writers().size();
      if (!world.until(() -> loads(member) >= before + writers, World.PROGRESS_WITHIN)) {
        world.witness().violated(member.name() + ": writers do not read their journals");
      }
    }
  }

  /// What was handed over from goes: one location of each slot is in charge, and at most so many are kept.
  void swept() {
    if (!world.plan().swaps()) {
      return;
    }
    int most = 1 + world.limits().swap().retainedMax();
    for (Member member : world.members()) {
      for (String role : ROLES) {
        List<String> there = locations(member, role);
        for (int i = 0; i < SWEPT_LOOKS && there.size() > most; i++) {
          world.until(() -> false, SWEPT_LOOK_EVERY);
          there = locations(member, role);
        }
        if (there.size() > most) {
          world.witness().violated(member.slot(role) + " leaves locations behind: " + there);
        }
      }
    }
  }

  private List<String> locations(Member member, String role) {
    return world.simulation().blocking(member.node(),
        () -> member.node().runtime().volume().locations(role + "/" + Member.USE));
  }

  private static int loads(Member member) {
    return member.writers().stream().mapToInt(JournalWriter::loads).sum();
  }
}
