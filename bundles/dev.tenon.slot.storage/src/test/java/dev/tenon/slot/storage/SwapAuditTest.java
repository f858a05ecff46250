package dev.tenon.slot.storage;

import static dev.tenon.slot.storage.SlotWorld.item;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.Terms;
import dev.tenon.journal.Journal;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverOutcome.Kind;
import dev.tenon.slot.HandoverProgress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/// Each handover leaves one line that says who asked, from whom to whom, what was copied and how long nobody was
/// served; and its outcome, in whichever mode.
@Isolated("hears the one log of the process")
class SwapAuditTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(SlotLimits.class.getPackageName());
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

  @BeforeEach
  void listen() {
    heard.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(heard);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(heard);
    logger.setLevel(null);
  }

  private static SlotWorld world() {
    SlotWorld world = new SlotWorld(1);
    world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false);
    world.registerOther();
    Journal journal = world.journal("a");
    journal.append(1, item("x"));
    journal.append(1, item("yz"));
    assertThat(world.simulation.outcome(world.node, journal::commit)).isNotNull();
    return world;
  }

  private static void until(SlotWorld world, Kind kind) {
    assertThat(world.simulation.runUntil(() -> world.status().outcome().kind() == kind, Duration.ofMinutes(2)))
        .as("" + world.slots.slots()).isTrue();
    world.simulation.run(Duration.ofSeconds(1));
  }

  private List<String> told() {
    return heard.list.stream().filter(event -> event.getFormattedMessage().contains("handed over to")
        && String.valueOf(event.getKeyValuePairs()).contains("cause"))
        .map(event -> event.getKeyValuePairs() + " " + event.getFormattedMessage()).toList();
  }

  @Test
  void aCopyThatAnOperatorAskedForIsToldWithWhatItCarried() {
    try (SlotWorld world = world()) {
      world.slots.swap(SlotWorld.NAME, "other", false);
      until(world, Kind.DONE);
      assertThat(told()).singleElement().asString()
          .contains("slot=\"n/journal/test\", generation=\"2\", from=\"plain@1.0.0\", to=\"other@1.0.0\", "
              + "cause=\"operator\", items=\"2\", bytes=\"3\", tailItems=\"0\", pauseMs=")
          .endsWith("slot handed over to other@1.0.0, 2 items (0.0 MiB) copied");
      assertThat(world.status().outcome().items()).isEqualTo(2);
    }
  }

  /// They are written while the round before the fence is synced, and so are not in it.
  @Test
  void itemsThatWereCopiedBehindTheFenceAreToldByThemselves() {
    try (SlotWorld world = world()) {
      Journal journal = world.journal("a");
      boolean[] written = {false};
      world.otherFault = call -> {
        HandoverProgress progress = world.status().progress();
        if (!written[0] && call.equals("sync") && progress != null && progress.stage().equals("VERIFYING")) {
          written[0] = true;
          for (int i = 0; i < 3; i++) {
            journal.append(1, item("late"));
          }
          var unused = journal.commit();
        }
      };
      world.slots.swap(SlotWorld.NAME, "other", false);
      until(world, Kind.DONE);
      assertThat(told()).singleElement().asString().contains("items=\"5\", bytes=\"15\", tailItems=\"3\", pauseMs=");
    }
  }

  @Test
  void theConfigurationsWishIsTold() {
    try (SlotWorld world = world()) {
      world.wish("other");
      until(world, Kind.DONE);
      assertThat(told()).singleElement().asString().contains("cause=\"configuration\"");
    }
  }

  @Test
  void aVersionThatOpensTheSameLocationIsAHandoverTooThatIsToldOnce() {
    try (SlotWorld world = world()) {
      world.follow = Terms.Follow.PATCH;
      world.wish("plain");
      world.version = "1.0.1";
      world.register();
      until(world, Kind.DONE);
      assertThat(world.status().provider()).isEqualTo("plain@1.0.1");
      assertThat(told()).singleElement().asString()
          .contains("from=\"plain@1.0.0\", to=\"plain@1.0.1\", cause=\"a newer version\", items=\"0\", bytes=\"0\", "
              + "tailItems=\"0\"")
          .endsWith("slot handed over to plain@1.0.1");
    }
  }

  @Test
  void oneThatIsGivenUpSaysWhere() {
    try (SlotWorld world = world()) {
      world.otherFault = call -> {
        if (call.equals("sync")) {
          throw new StorageFailedException("planted");
        }
      };
      world.slots.swap(SlotWorld.NAME, "other", false);
      until(world, Kind.FAILED);
      HandoverOutcome outcome = world.status().outcome();
      assertThat(outcome.phase()).isEqualTo("verifying");
      assertThat(told()).first().asString().contains("cause=\"operator\"").contains("phase=\"verifying\"")
          .endsWith("(verifying, 2 items (0.0 MiB) copied)");
    }
  }
}
