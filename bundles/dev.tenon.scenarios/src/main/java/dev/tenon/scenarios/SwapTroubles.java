package dev.tenon.scenarios;

import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.handover.Terms;
import dev.tenon.journal.JournalProvider;
import dev.tenon.scenarios.Faults.Deed;
import dev.tenon.scenarios.Faults.Side;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import dev.tenon.slot.SlotStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Troubles of nodes whose slots are handed over under load. Each step begins a handover somewhere, and lets something
/// go wrong in one of its phases.
final class SwapTroubles {
  /// Phases, and what surrounds them.
  private static final List<Moment> MOMENTS = List.of(Moment.PREFLIGHT, Moment.PREPARE, Moment.PREPARE, Moment.FENCE,
      Moment.FENCE, Moment.VERIFY, Moment.COMMIT, Moment.COMMIT, Moment.RESUME, Moment.RESUME, Moment.RETIRE);
  private static final List<Moment> ALL_MOMENTS = List.of(Moment.PREFLIGHT, Moment.PREPARE, Moment.PREPARE,
      Moment.FENCE, Moment.VERIFY, Moment.COMMIT, Moment.COMMIT, Moment.RESUME, Moment.RESUME, Moment.RESUME,
      Moment.RETIRE, Moment.SEAL, Moment.OPEN, Moment.RECOVER);
  private static final List<Deed> FAILURES = List.of(Deed.THROWS, Deed.DISK, Deed.HALFWAY);
  private static final List<DiskOp> FAILING = List.of(DiskOp.OPEN, DiskOp.READ, DiskOp.WRITE, DiskOp.RESIZE,
      DiskOp.SYNC, DiskOp.SCAN, DiskOp.REMOVE, DiskOp.REPLACE, DiskOp.RENAME, DiskOp.DELETE);
  /// About so many calls fill a provider, or fall into a second of one that serves.
  private static final int CALLS = 40;

  private SwapTroubles() {}

  static void calm(World world) {
    world.slotChecks().wantsNoErrors();
    slowly(world);
    Troubles.every(world, 60, 400, now -> swap(now, member(now), role(now)));
  }

  /// Whoever is to take over fails in any of its calls, in any way; callers do not hear of it.
  static void newcomerFails(World world) {
    world.slotChecks().wantsNoErrors();
    slowly(world);
    Troubles.every(world, 60, 400, now -> newcomer(now, now.dice().one(FAILURES)));
  }

  static void newcomerHangs(World world) {
    world.slotChecks().wantsNoErrors();
    Troubles.every(world, 100, 500, now -> newcomer(now, Deed.HANGS));
  }

  private static void newcomer(World world, Deed deed) {
    Member member = member(world);
    String role = role(world);
    if (world.dice().happens(0.5)) {
      member.faults().order(role, Side.STANDBY, deed, 1 + world.dice().below(callsOf(role)));
    } else {
      world.watch().ambush(member, role, Moment.FENCE,
          () -> member.faults().order(role, Side.STANDBY, deed, 1 + world.dice().below(3)));
    }
    swap(world, member, role);
  }

  private static int callsOf(String role) {
    return role.equals(JournalProvider.ROLE) ? CALLS : 3;
  }

  /// Whoever serves fails in any of its calls, before, in and after handovers.
  static void serverFails(World world) {
    slowly(world);
    Troubles.every(world, 60, 500, now -> server(now, now.dice().one(FAILURES)));
  }

  static void serverHangs(World world) {
    Troubles.every(world, 150, 700, now -> server(now, Deed.HANGS));
  }

  private static void server(World world, Deed deed) {
    Member member = member(world);
    String role = role(world);
    int nth = 1 + world.dice().below(world.dice().happens(0.5) ? 4 : CALLS);
    if (world.dice().happens(0.4)) {
      member.faults().order(role, Side.SERVING, deed, nth);
    } else {
      Moment moment = world.dice().one(ALL_MOMENTS);
      int call = moment == Moment.RECOVER ? 1 + nth % 2 : nth; // a recovery makes few calls
      world.watch().ambush(member, role, moment, () -> member.faults().order(role, Side.SERVING, deed, call));
    }
    swap(world, member, role);
    rescue(world, member, role);
  }

  /// An operator looks after a slot that fails or hangs.
  private static void rescue(World world, Member member, String role) {
    world.simulation().after(world.dice().between(1_000, 3_000), () -> {
      boolean failed = world.watch().moment(member.slot(role)) == Moment.FAILED;
      if (failed || member.faults().isStuck(role)) {
        world.coverage().saw(role + (failed ? " failed and asked for" : " evicted"));
        member.swap(role, other(member, role), true);
      }
    });
  }

  static void crashes(World world) {
    slowly(world);
    Troubles.every(world, 60, 400, now -> {
      Member victim = member(now);
      String role = role(now);
      now.watch().ambush(victim, role, now.dice().one(ALL_MOMENTS),
          () -> now.simulation().after(soon(now), () -> crash(now, victim)));
      begin(now, victim, role);
    });
  }

  /// Within the next calls or at once; often again while what it left is being read.
  private static void crash(World world, Member victim) {
    Dice dice = world.dice();
    CrashKind kind = dice.happens(0.6) ? CrashKind.POWER_LOSS : CrashKind.PROCESS_KILL;
    Duration down = dice.between(1, 100);
    switch (dice.below(6)) {
      case 0 -> victim.restart(down);
      case 1, 2 -> victim.crashAtCall(1 + dice.below(40), kind, down);
      default -> victim.crash(kind, down);
    }
    if (dice.happens(0.5)) {
      world.simulation().after(down.plus(dice.between(0, 30)),
          () -> victim.crash(CrashKind.POWER_LOSS, dice.between(1, 50)));
    }
  }

  static void diskFull(World world) {
    slowly(world);
    Troubles.every(world, 100, 500, now -> {
      Member victim = member(now);
      now.watch().ambush(victim, JournalProvider.ROLE,
          now.dice().one(List.of(Moment.PREPARE, Moment.PREPARE, Moment.FENCE, Moment.COMMIT, Moment.RESUME)),
          () -> full(now, victim));
      swap(now, victim, JournalProvider.ROLE);
    });
  }

  private static void full(World world, Member victim) {
    victim.node().disk().full(world.dice().below(world.dice().happens(0.5) ? 200 : 4_000));
    world.simulation().after(world.dice().between(20, 800), () -> victim.node().disk().roomAgain());
  }

  static void diskErrors(World world) {
    slowly(world);
    Troubles.every(world, 60, 400, now -> {
      Member victim = member(now);
      String role = role(now);
      now.watch().ambush(victim, role, now.dice().one(ALL_MOMENTS), () -> diskError(now, victim));
      begin(now, victim, role);
    });
  }

  private static void diskError(World world, Member victim) {
    victim.node().disk().failNext(world.dice().one(FAILING), 1 + world.dice().below(6));
    world.coverage().saw("disk error");
  }

  /// What is asked for changes while it is being done: taken back, something else, pinned, nobody, only looked at.
  static void wishes(World world) {
    world.slotChecks().wantsNoErrors();
    slowly(world);
    Troubles.every(world, 60, 300, now -> {
      Member member = member(now);
      String role = role(now);
      if (now.dice().happens(0.2)) {
        look(now, member, role);
      } else {
        now.watch().ambush(member, role, now.dice().one(MOMENTS), () -> wish(now, member, role));
        swap(now, member, role);
      }
    });
  }

  private static void wish(World world, Member member, String role) {
    Moment moment = world.watch().moment(member.slot(role));
    switch (world.dice().below(5)) {
      case 0, 1 -> {
        world.coverage().saw(role + " taken back in " + moment);
        swap(world, member, role);
      }
      case 2 -> {
        world.coverage().saw(role + " nobody wished for in " + moment);
        member.swap(role, world.dice().happens(0.5) ? "nobody" : name(member.terms(role).provider()) + "@9.9.9", false);
      }
      case 3 -> pin(world, member, role);
      default -> {
        String provider = other(member, role);
        String version = member.bundles().newest(role, provider);
        if (version != null) {
          world.coverage().saw(role + " version wished for");
          member.swap(role, provider + "@" + version, false);
        }
      }
    }
  }

  /// While it is pinned, whoever serves stays.
  private static void pin(World world, Member member, String role) {
    Optional<SlotStatus> before = member.status(role);
    Terms terms = member.terms(role);
    boolean idle = world.watch().moment(member.slot(role)) == Moment.IDLE;
    if (terms.pinned() || before.isEmpty()) {
      return;
    }
    world.coverage().saw(role + " pinned in " + world.watch().moment(member.slot(role)));
    member.wish(role, new Terms(terms.provider(), true, terms.onGone(), terms.follow()));
    int boots = member.node().boots();
    world.simulation().after(world.dice().between(100, 900), () -> {
      String now = member.status(role).map(SlotStatus::provider).orElse("");
      if (idle && member.node().boots() == boots && !now.equals(before.get().provider())) {
        world.witness().violated(member.slot(role) + " is pinned and went from " + before.get().provider() + " to "
            + now);
      }
      Terms then = member.terms(role);
      member.wish(role, new Terms(then.provider(), false, then.onGone(), then.follow()));
    });
  }

  /// Somebody asks what a handover would be, and is told.
  private static void look(World world, Member member, String role) {
    if (!member.node().isUp()) {
      return;
    }
    int boots = member.node().boots();
    boolean[] told = {false};
    String whom = member.status(role).map(slot -> name(slot.provider())).orElse("");
    member.control().look(member.slot(role), SlotChecks.other(role, whom), outcome -> {
      told[0] = true;
      world.coverage().saw(role + " look told " + outcome.kind());
    });
    Duration limit = world.slotChecks().lastsAtMost(Moment.PREFLIGHT).plusSeconds(1);
    world.simulation().after(limit, () -> {
      if (!told[0] && member.node().boots() == boots && member.node().isUp()) {
        world.witness().violated(member.slot(role) + ": a look was not answered");
      }
    });
  }

  /// Bundles stop, vanish, come back and come beside each other, before, in and after handovers.
  static void updates(World world) {
    world.slotChecks().wantsNoErrors();
    slowly(world);
    for (Member member : world.members()) {
      for (String role : SlotChecks.ROLES) {
        Terms terms = member.terms(role);
        member.wish(role, new Terms(terms.provider(), false, world.dice().one(List.of(Terms.OnGone.values())),
            world.dice().one(List.of(Terms.Follow.values()))));
      }
    }
    Troubles.every(world, 60, 400, now -> {
      Member member = member(now);
      String role = role(now);
      if (now.dice().happens(0.3)) {
        bundle(now, member, role);
      } else {
        now.watch().ambush(member, role, now.dice().one(MOMENTS), () -> bundle(now, member, role));
        swap(now, member, role);
      }
    });
  }

  private static void bundle(World world, Member member, String role) {
    String provider = world.dice().one(SlotChecks.providers(role));
    boolean serves = member.status(role).filter(slot -> slot.provider().startsWith(provider + "@")).isPresent();
    String which = serves ? " that serves" : " that does not serve";
    Moment moment = world.watch().moment(member.slot(role));
    switch (world.dice().below(3)) {
      case 0 -> {
        member.bundles().beside(role, provider, world.dice().happens(0.5) ? 1 : 2);
        world.coverage().saw(role + " newer version of one" + which);
        world.simulation().after(world.dice().between(200, 1_500), () -> member.bundles().stopOld(role, provider));
      }
      default -> {
        member.bundles().update(role, provider, world.dice().between(0, 600));
        world.coverage().saw(role + " stop of one" + which + " in " + moment);
      }
    }
  }

  /// Each of the others, one after another.
  static void everything(World world) {
    slowly(world);
    world.simulation().network().loss(0.02).duplicate(0.05).reorder(0.1);
    Troubles.every(world, 50, 300, now -> {
      Member member = member(now);
      String role = role(now);
      Moment at = now.dice().one(ALL_MOMENTS);
      switch (now.dice().below(9)) {
        case 0 -> newcomer(now, now.dice().one(List.of(Deed.values())));
        case 1 -> server(now, now.dice().one(List.of(Deed.values())));
        case 2 -> now.watch().ambush(member, role, at, () -> crash(now, member));
        case 3 -> now.watch().ambush(member, role, at, () -> full(now, member));
        case 4 -> now.watch().ambush(member, role, at, () -> diskError(now, member));
        case 5 -> now.watch().ambush(member, role, at, () -> wish(now, member, role));
        case 6 -> now.watch().ambush(member, role, at, () -> bundle(now, member, role));
        case 7 -> now.nextEpoch(Duration.ofMillis(100));
        default -> {}
      }
      begin(now, member, role);
      rescue(now, member, role);
    });
  }

  // What steps are made of.

  /// Some nodes fill the next provider slowly, so that much is written, rewound, pruned and removed meanwhile.
  private static void slowly(World world) {
    for (Member member : world.members()) {
      if (world.dice().happens(0.5)) {
        member.faults().slow(world.dice().happens(0.5) ? world.dice().between(1, 60) : world.dice().between(300, 900));
      }
    }
  }

  private static Member member(World world) {
    return world.dice().one(world.members());
  }

  private static String role(World world) {
    return world.dice().happens(0.7) ? JournalProvider.ROLE : SchemeFactory.ROLE;
  }

  private static Duration soon(World world) {
    return world.dice().happens(0.5) ? Duration.ofNanos(1) : world.dice().between(0, 3);
  }

  /// A handover, or the same location opened again.
  private static void begin(World world, Member member, String role) {
    if (world.dice().happens(0.2)) {
      member.bundles().update(role, name(member.terms(role).provider()), world.dice().between(0, 100));
    } else {
      swap(world, member, role);
    }
  }

  /// Somebody wishes for the other provider: an operator, or whoever changes the configuration.
  private static void swap(World world, Member member, String role) {
    String next = other(member, role);
    if (world.dice().happens(0.6)) {
      member.swap(role, next, false);
    } else {
      Terms terms = member.terms(role);
      member.wish(role, new Terms(next, terms.pinned(), terms.onGone(), terms.follow()));
    }
  }

  private static String other(Member member, String role) {
    return SlotChecks.other(role, name(member.terms(role).provider()));
  }

  private static String name(String wish) {
    int at = wish.indexOf('@');
    return at < 0 ? wish : wish.substring(0, at);
  }
}
