package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/// What an operator can read of an engine: its events in the log, and what its journals hold (spec section 15).
@Isolated("hears the one log of the process")
class EngineTellsSimTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Logger logger = (Logger) LoggerFactory.getLogger(EngineTellsSimTest.class.getPackageName());
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

  @BeforeEach
  void listen() {
    heard.start();
    logger.addAppender(heard);
    logger.setLevel(Level.DEBUG);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(heard);
    logger.setLevel(null);
  }

  @Test
  void tellsWhatItDecidesInTheLog() {
    try (World world = new World(1, new World.Plan(4, 0, true, 300, new NullAlgorithm()))) {
      world.boot();
      assertThat(world.runUntilHeight(2, LONG)).isTrue();
      world.sim().network().partition(List.of(world.node(0), world.node(1)));
      world.sim().run(Duration.ofSeconds(2));
      world.sim().network().heal();
      world.epoch(112);
      world.sim().run(Duration.ofSeconds(2));
      world.stop(1);
      world.sim().run(Duration.ofSeconds(1));
    }
    assertThat(keys("node accepted")).contains("engine", "sequencer", "height");
    assertThat(keys("ack accepted")).contains("engine", "sequencer", "height", "epoch");
    assertThat(keys("certificate recovered")).contains("engine", "sequencer", "height", "epoch");
    assertThat(keys("proposed")).contains("engine", "height");
    assertThat(keys("rebroadcast")).contains("engine", "height");
    assertThat(keys("verdict")).contains("engine", "sequencer", "height", "verdict");
    assertThat(keys("replay begins")).contains("engine", "journal");
    assertThat(keys("replay ended")).contains("engine", "journal", "items");
    assertThat(keys("epoch refreshed")).contains("engine", "before", "epoch");
    assertThat(keys("shutdown")).contains("engine");
    assertThat(heard.list).as("a remote peer reaches nothing above").noneMatch(
        event -> event.getLevel().levelInt >= Level.WARN_INT);
  }

  @Test
  void tellsHowManyItemsAReplayHad() {
    try (World world = new World(1, new World.Plan(4, 0, true, 300, new NullAlgorithm()))) {
      world.boot();
      assertThat(world.runUntilHeight(3, LONG)).isTrue();
      heard.list.clear();
      world.stop(0);
      world.sim().run(Duration.ofSeconds(1));
      world.restart(0);
      world.sim().run(Duration.ofSeconds(5));
    }
    assertThat(heard.list.stream().filter(event -> event.getMessage().equals("replay ended"))
        .flatMap(event -> event.getKeyValuePairs().stream()).filter(pair -> pair.key.equals("items"))
        .mapToLong(pair -> (Long) pair.value).max().orElse(0)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void countsSectionsCommitsAndWhatWasPruned() {
    try (World world = new World(1, new World.Plan(4, 0, true, 300, new NullAlgorithm()))) {
      world.boot();
      assertThat(world.runUntilHeight(40, LONG)).isTrue();
      int journals = 4 + 1; // the four chains, and one's own intents
      for (int i = 0; i < 4; i++) {
        assertThat(world.metric(i, "tenon_broadcast_journal_sections")).isBetween((double) journals, 2.0 * journals);
        assertThat(world.metric(i, "tenon_broadcast_journal_commits_total")).isGreaterThan(40.0 * journals - 20);
        assertThat(world.metric(i, "tenon_broadcast_journal_pruned_sections_total")).isGreaterThanOrEqualTo(journals);
      }
      world.stop(0);
      world.sim().run(Duration.ofSeconds(1));
      world.restart(0);
      world.sim().run(Duration.ofSeconds(5));
      assertThat(world.metric(0, "tenon_broadcast_journal_sections")).isBetween((double) journals, 2.0 * journals);
    }
  }

  private List<String> keys(String message) {
    ILoggingEvent event = heard.list.stream().filter(one -> one.getMessage().equals(message)).findFirst()
        .orElseThrow(() -> new AssertionError("nobody said: " + message));
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    return pairs.stream().map(pair -> pair.key).toList();
  }
}
