package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.runtime.Promise;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotUnavailableException;
import dev.tenon.slot.SlotUnit;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Goal: a change is used again only once neither queue nor strand looks at it any more. Method: the strand's part of a
/// batch by hand, with the owner's calls in between.
class JournalHandleTest {
  private final List<SlotUnit> queue = new ArrayList<>();
  private final List<SlotUnit> offered = new ArrayList<>();
  private boolean full;
  private final SlotPort port = (SlotPort) Proxy.newProxyInstance(SlotPort.class.getClassLoader(),
      new Class<?>[] {SlotPort.class}, (proxy, method, words) -> switch (method.getName()) {
        case "name" -> SlotWorld.NAME;
        case "heldBytesMax" -> 1L << 20;
        case "offer" -> offered.add((SlotUnit) words[0]) && !full && queue.add((SlotUnit) words[0]);
        case "state" -> SlotState.ACTIVE;
        case "promise" -> promise();
        default -> null;
      });
  private final JournalFamily family = new JournalFamily(port);
  private final Tenure tenure = new Tenure((JournalInstance) Proxy.newProxyInstance(
      JournalInstance.class.getClassLoader(), new Class<?>[] {JournalInstance.class},
      (proxy, method, words) -> method.getName().equals("report") ? new OpenReport(List.of(), 0) : null), 1_024);

  private static Object promise() {
    return Proxy.newProxyInstance(Promise.class.getClassLoader(), new Class<?>[] {Promise.class},
        (proxy, method, words) -> method.getName().equals("done") ? true : null);
  }

  private JournalHandle handle() {
    family.resume(tenure);
    return family.open(tenure, "a", null);
  }

  private SlotUnit append(JournalHandle handle, int byteValue) {
    handle.append(1, ByteBuffer.wrap(new byte[] {(byte) byteValue}));
    return queue.getLast();
  }

  private void run() {
    queue.forEach(SlotUnit::dispatched);
    queue.forEach(unit -> unit.run(tenure));
    family.sync(tenure);
  }

  @Test
  void aChangeIsUsedAgainOnceTheCommitAfterItWasAnswered() {
    JournalHandle handle = handle();
    List<SlotUnit> first = List.of(append(handle, 1), append(handle, 2), append(handle, 3), append(handle, 4));
    handle.commit();
    run();
    SlotUnit early = append(handle, 5);
    assertThat(early).as("its batch has not left the first ones").isNotIn(first);
    queue.get(4).deliver();
    for (int i = 6; i <= 8; i++) {
      assertThat(append(handle, i)).as("has a place of its own").isNotIn(first);
    }
    Change again = (Change) append(handle, 9);
    assertThat(again).isSameAs(first.getFirst());
    assertThat(again.isKept()).isFalse();
    assertThat(again.attempts()).isZero();
    assertThat(again.index).isEqualTo(8);
    assertThat(again.number).isEqualTo(9);
    assertThat(again.bytes()).isEqualTo(64 + 1);
  }

  @Test
  void aChangeThatFoundNoRoomIsTheNextOne() {
    JournalHandle handle = handle();
    append(handle, 1);
    full = true;
    offered.clear();
    for (int i = 0; i < 100; i++) {
      assertThat(handle.append(1, ByteBuffer.wrap(new byte[] {2}))).isEqualTo(Journal.BACKOFF);
      assertThatThrownBy(() -> handle.rewind(1, 0)).isInstanceOf(SlotUnavailableException.class);
    }
    assertThat(new HashSet<>(offered)).as("nothing gathers while all are refused").hasSize(1);
    full = false;
    Change next = (Change) append(handle, 3);
    assertThat(next).isSameAs(offered.getFirst());
    assertThat(next.number).isEqualTo(2);
    assertThat(next.index).isEqualTo(1);
    handle.commit();
    run();
    queue.getLast().deliver();
    assertThat(family.known()).containsExactly("journal a ends in section 1 with 2 items");
  }

  @Test
  void changesThatAreNotDurableAreAllThereHoweverManyTheyAre() {
    JournalHandle handle = handle();
    for (int i = 0; i < 10_000; i++) {
      append(handle, i);
    }
    assertThat(queue).doesNotHaveDuplicates();
    handle.rewind(1, 5_000);
    List<Change> dropped = queue.stream().map(unit -> (Change) unit)
        .filter(change -> change.rewound && change.kind == Change.Kind.APPEND).toList();
    assertThat(dropped).hasSize(5_000).allMatch(change -> change.index >= 5_000);
    handle.commit();
    run();
    queue.getLast().deliver();
    Set<SlotUnit> before = new HashSet<>(queue);
    queue.clear();
    for (int i = 0; i < 10_000; i++) {
      append(handle, i);
    }
    assertThat(queue).doesNotHaveDuplicates().extracting(unit -> ((Change) unit).rewound).containsOnly(false);
    assertThat(queue.stream().filter(before::contains).count()).as("used again")
        .isEqualTo(4_096);
  }

  @Test
  void aRewindThatDropsAChangeDoesNotDropTheNextOneInItsPlace() {
    JournalHandle handle = handle();
    append(handle, 1);
    handle.rewind(1, 0);
    handle.commit();
    run();
    queue.getLast().deliver();
    queue.clear();
    append(handle, 2);
    append(handle, 3);
    assertThat(handle.append(1, ByteBuffer.wrap(new byte[] {4}))).isEqualTo(2);
    assertThat(queue).extracting(unit -> ((Change) unit).rewound).containsOnly(false);
  }
}
