package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SwapLimits;
import dev.tenon.journal.Journal;
import dev.tenon.slot.HandoverOutcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/// What the log tells of a call for whose sake a handover was given up. A simulated strand tells its step only.
@Isolated("hears the one log of the process")
class StuckCallTest {
  private static final SlotLimits LIMITS = new SlotLimits(65_536, 64L << 20, 10_000, 5_000, 600_000, 2_000, 100, 10_000,
      new SwapLimits(20, 3_600_000, 2_000, 1_000, 60_000, 5_000));

  private final Logger logger = (Logger) LoggerFactory.getLogger(SlotLimits.class.getPackageName());
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

  @BeforeEach
  void listen() {
    heard.start();
    logger.setLevel(Level.WARN);
    logger.addAppender(heard);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(heard);
    logger.setLevel(null);
  }

  private static SlotWorld world() {
    SlotWorld world = new SlotWorld(1, LIMITS);
    world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false);
    world.registerOther();
    world.journal("a");
    return world;
  }

  private static void sleep(SlotWorld world, long ms) {
    var runtime = world.node.runtime();
    runtime.waiter().sleepUntil(runtime.clock().monotonicNs() + ms * 1_000_000);
  }

  private void untilOverdue(SlotWorld world) {
    world.slots.swap(SlotWorld.NAME, "other", false);
    assertThat(world.simulation.runUntil(
        () -> world.status().outcome().kind() == HandoverOutcome.Kind.OVERDUE, Duration.ofMinutes(2)))
        .as("" + world.slots.slots()).isTrue();
  }

  private List<String> told(String message) {
    return heard.list.stream().filter(event -> event.getMessage().equals(message))
        .peek(event -> assertThat(event.getLevel()).isEqualTo(Level.WARN))
        .map(event -> String.valueOf(event.getKeyValuePairs())).toList();
  }

  @Test
  void aDrainThatIsAbortedTellsWhichStepHasNotEnded() {
    try (SlotWorld world = world()) {
      Journal journal = world.journal("b");
      world.fault = call -> sleep(world, call.equals("sync") ? 3_000 : 0); // longer than a drain may take
      keepCommitting(world, journal);
      untilOverdue(world);
      assertThat(world.status().outcome().text()).contains("calls in flight");
      assertThat(told("a handover was given up while a call of who serves was under way"))
          .containsExactly("[slot=\"n/journal/test\", step=\"batch\", stack=\"\"]");
    }
  }

  private static void keepCommitting(SlotWorld world, Journal journal) {
    journal.append(1, ByteBuffer.allocate(1));
    journal.commit().onEnd(outcome -> {});
    world.simulation.after(Duration.ofMillis(100), () -> keepCommitting(world, journal));
  }

  @Test
  void aCallOfWhoWasToTakeOverThatIsLeftBehindIsToldToo() {
    try (SlotWorld world = world()) {
      world.otherFault = call -> sleep(world, call.equals("open") ? 3_600_000 : 0);
      untilOverdue(world);
      assertThat(told("a call of who was to take over was left behind"))
          .containsExactly("[slot=\"n/journal/test\", step=\"open\", stack=\"\"]");
      assertThat(told("a handover was given up while a call of who serves was under way")).isEmpty();
    }
  }
}
