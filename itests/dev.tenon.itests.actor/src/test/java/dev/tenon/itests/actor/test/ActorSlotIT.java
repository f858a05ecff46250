package dev.tenon.itests.actor.test;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;

import dev.tenon.itests.actor.Tally;
import dev.tenon.itests.support.Await;
import dev.tenon.itests.support.Node;
import dev.tenon.itests.support.ShowOnFailure;
import dev.tenon.runtime.Outcome;
import dev.tenon.slot.SlotControl;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.inject.Inject;
import org.jspecify.annotations.NullUnmarked;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.ops4j.pax.exam.util.Filter;

/// Goal: an actor's provider is exchanged under load in a real container, in mode *transfer* and in mode *rebuild*:
/// each unit is counted once, in its caller's order, by one generation, each sum is delivered once and follows from the
/// one before, and a wait is answered whoever serves by then. Method: one caller that does not wait, and swaps to and
/// fro by the operator's command.
@NullUnmarked // Pax Exam fills the fields
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ActorSlotIT {
  private static final int SWAPS = 6;
  private static final int SECONDS_MAX = 30;
  /// Half of what the mailbox takes.
  private static final int ASKED_MAX = 2_000;

  @Inject
  @Filter("(tenon.control=true)")
  private Function<String, String> control;

  @Inject
  private SlotControl slots;

  @Inject
  @Filter(value = "(tenon.slot=local/tally/test)", timeout = 30_000)
  private Tally transferred;

  @Inject
  @Filter(value = "(tenon.slot=local/rebuilt/test)", timeout = 30_000)
  private Tally rebuilt;

  @Rule
  public final ShowOnFailure show = new ShowOnFailure(() -> control);

  @Configuration
  public Option[] container() throws Exception {
    String jar = Tally.class.getProtectionDomain().getCodeSource().getLocation().toString();
    return new Option[] {
        Node.profile("minimal", setting("tally", "node", "local"), setting("tally", "role", "tally"),
            setting("tally", "use", "test"), setting("tally", "provider", "one"), setting("rebuilt", "node", "local"),
            setting("rebuilt", "role", "rebuilt"), setting("rebuilt", "use", "test"),
            setting("rebuilt", "provider", "one")),
        bundle(jar).startLevel(40)};
  }

  private static String setting(String slot, String key, String value) {
    return "dev.tenon.slot~" + slot + "." + key + "=" + value;
  }

  @Test
  public void theSummaryMovesUnderLoad() {
    swapsUnderLoad("tally", transferred);
  }

  @Test
  public void theNextOneIsRebuiltUnderLoad() {
    swapsUnderLoad("rebuilt", rebuilt);
  }

  private void swapsUnderLoad(String role, Tally tally) {
    String slot = "local/" + role + "/test";
    AtomicInteger answered = new AtomicInteger();
    List<String> failed = new CopyOnWriteArrayList<>();
    AtomicInteger waits = new AtomicInteger();
    long asked = 0;
    for (int swap = 0; swap < SWAPS; swap++) {
      String next = swap % 2 == 0 ? "two" : "one";
      tally.await(tally.sums().size() + 200).onEnd(outcome -> {
        if (outcome instanceof Outcome.Done<Long>) {
          waits.incrementAndGet();
        }
      });
      String answer = control.apply("swap " + slot + " " + next);
      assertTrue(answer, answer.startsWith("ok"));
      long generation = swap + 2L;
      long end = System.nanoTime() + SECONDS_MAX * 1_000_000_000L;
      while (!serves(slot, next, generation)) {
        assertTrue("not handed over: " + status(slot), System.nanoTime() - end < 0);
        if (asked - answered.get() - failed.size() >= ASKED_MAX) {
          LockSupport.parkNanos(200_000); // the mailbox is bounded, and a disk may stall
          continue;
        }
        long number = asked++;
        tally.add(number).onEnd(outcome -> {
          if (outcome instanceof Outcome.Done<Long>) {
            answered.incrementAndGet();
          } else {
            failed.add(number + ": " + outcome);
          }
        });
        LockSupport.parkNanos(200_000);
      }
    }
    long all = asked;
    Await.until("all answers", SECONDS_MAX, () -> answered.get() + failed.size() == all);
    assertEquals(List.of(), failed);
    Await.until("all waits", SECONDS_MAX, () -> waits.get() == SWAPS);
    check(tally, all);
  }

  private static void check(Tally tally, long asked) {
    long number = 0;
    long generation = 1;
    for (Tally.Counted each : tally.counted()) {
      assertEquals(number++, each.number());
      assertTrue("generation " + each.generation() + " after " + generation, each.generation() >= generation);
      generation = each.generation();
    }
    assertEquals(asked, number);
    long before = 0;
    long next = 0;
    for (long sum : tally.sums()) {
      assertEquals("sum " + next, before * 1_000_003 + next, sum);
      before = sum;
      next++;
    }
    assertTrue("sums: " + next, next > SWAPS * 10);
  }

  private boolean serves(String slot, String provider, long generation) {
    SlotStatus now = status(slot);
    return now.state() == SlotState.ACTIVE && now.provider().startsWith(provider + "@")
        && now.generation() == generation;
  }

  private SlotStatus status(String slot) {
    return slots.slots().stream().filter(each -> each.name().toString().equals(slot)).findFirst().orElseThrow();
  }
}
