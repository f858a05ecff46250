package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.storage.StorageFailedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: a caller's units take effect in its order, also where a batch fails between them. Method: a failed sync under
/// a batch of reads and changes.
class JournalOrderTest {
  private static ByteBuffer item(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void aReadAskedBeforeARewindSeesWhatWasThereBefore() {
    try (SlotWorld world = new SlotWorld(3)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      world.simulation.await(world.node, journal::commit);
      int[] failures = {1};
      world.fault = call -> {
        if (call.equals("sync") && failures[0]-- > 0) {
          throw new StorageFailedException("planted");
        }
      };
      Outcome<List<Entry>> read = world.simulation.outcome(world.node, () -> {
        var owed = journal.read(1, 0, 1);
        journal.rewind(1, 0);
        journal.append(1, item("LATER"));
        journal.commit();
        return owed;
      });
      assertThat(read).isInstanceOfSatisfying(Outcome.Done.class, done -> {
        List<Entry> entries = ((Outcome.Done<List<Entry>>) read).value();
        assertThat(entries.stream().map(entry -> new String(entry.item().toArray(), StandardCharsets.US_ASCII)))
            .containsExactly("x");
      });
      assertThat(failures[0]).as("a sync has failed").isLessThan(1);
    }
  }
}
