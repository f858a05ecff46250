package dev.tenon.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.Durable;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a writer of a soak tells about itself and its journal.
class JournalWriterTest {
  private static final int TICK_MS = 25;
  private static final int REOPEN_EVERY = 100;
  private static final Duration ACK = Duration.ofSeconds(1);

  private final Simulation simulation = Simulation.seeded(3);
  private final List<JournalWriter> writers = new ArrayList<>();
  private final SimNode node = simulation.node("v0", booting -> {});
  private final HeldJournals journals = new HeldJournals(node.runtime());

  @TempDir
  private Path folder;

  private Mailbox<JournalWriter.Message> writer;

  @BeforeEach
  void spawn() throws IOException {
    History history = new History(folder.resolve("history"));
    var plan = new JournalWriter.Plan(TICK_MS, 8, 100, 1_000, 256, 3, 0, true, true, REOPEN_EVERY);
    var times = new TickTimes(TimeUnit.MILLISECONDS.toNanos(TICK_MS));
    writer = node.runtime().spawn("w", MailboxSpec.oneLane(64), context -> {
      writers.add(new JournalWriter(context, journals, history, "w", plan, times, 1));
      return writers.getFirst();
    });
  }

  @AfterEach
  void close() {
    simulation.close();
  }

  private JournalWriter writer() {
    return writers.getFirst();
  }

  private List<String> told() throws IOException {
    return Files.readAllLines(folder.resolve("history"));
  }

  @Test
  void aJournalThatIsLostIsNotOpenUntilItIsReadAgain() {
    simulation.run(ACK);
    assertThat(writer().isOpen()).isTrue();
    journals.holds = true;
    simulation.run(ACK);
    journals.closed = 1_000_000;
    journals.commits.remove().failed(new IllegalStateException("planted"));
    simulation.run(ACK);
    assertThat(writer().isOpen()).isFalse();
    assertThat(writer().failed()).isGreaterThan(1); // the commit, and each opening since
    journals.closed = 0;
    simulation.run(ACK);
    assertThat(writer().isOpen()).isTrue();
  }

  @Test
  void aJournalIsReadToItsEndBeforeItGoes() throws IOException {
    simulation.run(Duration.ofMinutes(2));
    List<String> told = told();
    List<Integer> removals = new ArrayList<>();
    for (int i = 0; i < told.size(); i++) {
      if (told.get(i).startsWith("remove ")) removals.add(i);
    }
    assertThat(removals).hasSizeGreaterThan(5).allSatisfy(at -> assertThat(told.get(at - 1)).isEqualTo("opened w"));
  }

  @Test
  void aCommitThatIsNotAnsweredIsOwedAlsoOnceTheJournalWasOpenedAgain() {
    simulation.run(ACK);
    journals.holds = true;
    boolean asked = simulation.runUntil(() -> journals.commits.size() == 2, ACK);
    assertThat(asked).isTrue();
    journals.holds = false;
    simulation.run(Duration.ofMillis(TICK_MS * REOPEN_EVERY * 2));
    assertThat(writer.offer(new JournalWriter.Message.Rest())).isEqualTo(Offer.OK);
    simulation.run(ACK);
    assertThat(writer().isRested()).isTrue();
    assertThat(writer().owed()).isEqualTo(2);
    journals.commits.remove().done(new Durable(0));
    journals.commits.remove().failed(new IllegalStateException("planted"));
    simulation.run(ACK);
    assertThat(writer().owed()).isZero();
  }
}
