package dev.tenon.scenarios;

import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// The troubles, each for the length of its plan.
final class Troubles {
  private static final List<DiskOp> FAILING = List.of(DiskOp.OPEN, DiskOp.READ, DiskOp.WRITE, DiskOp.RESIZE,
      DiskOp.SYNC, DiskOp.SCAN, DiskOp.REMOVE, DiskOp.REPLACE);

  private Troubles() {}

  static void calm(World world) {
    world.simulation().network().latency(world.dice().between(5, 40), Duration.ofMillis(5));
  }

  static void lossyLinks(World world) {
    Duration mean = world.dice().between(5, 40);
    world.simulation().network().latency(mean, mean.dividedBy(2)).loss(0.05 + 0.1 * world.dice().below(4))
        .duplicate(0.2).reorder(0.3);
  }

  static void partitions(World world) {
    every(world, 200, 900, now -> {
      Dice dice = world.dice();
      if (dice.happens(0.4)) {
        now.simulation().network().heal();
      } else if (dice.happens(0.5)) {
        now.simulation().network().partition(now.nodes().stream().filter(node -> dice.happens(0.5)).toList());
      } else {
        now.simulation().network().cut(dice.one(now.nodes()), dice.one(now.nodes()));
      }
    });
  }

  static void crashValidators(World world) {
    every(world, 100, 700, now -> crash(now, now.dice().one(now.honestValidators())));
  }

  static void crashSequencers(World world) {
    every(world, 50, 400, now -> crash(now, now.dice().one(now.honestSequencers())));
  }

  /// Everybody at once, as when the power fails in a whole room.
  static void blackouts(World world) {
    every(world, 300, 1_200, now -> {
      CrashKind kind = now.dice().happens(0.7) ? CrashKind.POWER_LOSS : CrashKind.PROCESS_KILL;
      now.members().forEach(member -> member.crash(kind, now.dice().between(1, 200)));
    });
  }

  /// A crash within a runtime call, and another one while what it left is being read.
  private static void crash(World world, Member victim) {
    Dice dice = world.dice();
    CrashKind kind = dice.happens(0.6) ? CrashKind.POWER_LOSS : CrashKind.PROCESS_KILL;
    Duration down = dice.between(1, 150);
    switch (dice.below(4)) {
      case 0 -> victim.restart(down);
      case 1 -> victim.node().crashAtCall(victim.node().calls() + 1 + dice.below(200), kind, down);
      default -> victim.crash(kind, down);
    }
    if (dice.happens(0.4)) {
      world.simulation().after(down.plus(dice.between(0, 30)),
          () -> victim.crash(CrashKind.POWER_LOSS, dice.between(1, 50)));
    }
  }

  static void diskFull(World world) {
    every(world, 150, 600, now -> {
      Member victim = now.dice().one(now.members());
      victim.node().disk().full(now.dice().below(3_000));
      now.simulation().after(now.dice().between(50, 1_500), () -> victim.node().disk().roomAgain());
      if (now.dice().happens(0.2)) {
        crash(now, victim);
      }
    });
  }

  static void diskErrors(World world) {
    every(world, 100, 500, now -> {
      Member victim = now.dice().one(now.members());
      victim.node().disk().failNext(now.dice().one(FAILING), 1 + now.dice().below(6));
      if (now.dice().happens(0.2)) {
        crash(now, victim);
      }
    });
  }

  static void slowDisks(World world) {
    every(world, 100, 600, now -> {
      Member victim = now.dice().one(now.members());
      victim.node().disk().slow(now.dice().happens(0.3) ? 1 : 1 + now.dice().below(300));
      if (now.dice().happens(0.1)) {
        crash(now, victim);
      }
    });
  }

  static void epochs(World world) {
    every(world, 100, 700, now -> {
      now.nextEpoch(Duration.ofMillis(now.dice().happens(0.5) ? 20 : 400));
      if (now.dice().happens(0.2)) {
        crash(now, now.dice().one(now.members()));
      }
    });
  }

  static void providerUpdates(World world) {
    every(world, 80, 400, now -> {
      now.dice().one(now.members()).reopen(now.dice().between(0, 600));
      if (now.dice().happens(0.15)) {
        crash(now, now.dice().one(now.members()));
      }
    });
  }

  static void villain(World world) {
    world.simulation().network().reorder(0.1);
    every(world, 300, 1_000, now -> {
      if (now.dice().happens(0.4)) {
        crash(now, now.dice().one(now.members()));
      }
    });
  }

  /// Each of the others, one after another.
  static void everything(World world) {
    world.simulation().network().loss(0.02).duplicate(0.05).reorder(0.1);
    every(world, 50, 400, now -> {
      Member victim = now.dice().one(now.members());
      switch (now.dice().below(8)) {
        case 0, 1 -> crash(now, victim);
        case 2 -> victim.node().disk().failNext(now.dice().one(FAILING), 1 + now.dice().below(6));
        case 3 -> {
          victim.node().disk().full(now.dice().below(3_000));
          now.simulation().after(now.dice().between(50, 800), () -> victim.node().disk().roomAgain());
        }
        case 4 -> victim.reopen(now.dice().between(0, 300));
        case 5 -> now.nextEpoch(Duration.ofMillis(100));
        case 6 -> now.simulation().network().cut(now.dice().one(now.nodes()), now.dice().one(now.nodes()));
        default -> now.simulation().network().heal();
      }
    });
  }

  /// Again and again until the trouble is over.
  static void every(World world, long lowMs, long highMs, Consumer<World> step) {
    Duration pause = world.dice().between(lowMs, highMs);
    if (world.simulation().now().plus(pause).compareTo(world.plan().trouble()) < 0) {
      world.simulation().after(pause, () -> {
        step.accept(world);
        every(world, lowMs, highMs, step);
      });
    }
  }
}
