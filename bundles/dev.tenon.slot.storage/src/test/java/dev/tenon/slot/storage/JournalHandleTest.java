package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.runtime.Promise;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotUnit;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: a change is used again only once neither queue nor strand looks at it any more. Method: the strand's part of a
/// batch by hand, with the owner's calls in between.
class JournalHandleTest {
  private final List<SlotUnit> queue = new ArrayList<>();
  private final SlotPort port = (SlotPort) Proxy.newProxyInstance(SlotPort.class.getClassLoader(),
      new Class<?>[] {SlotPort.class}, (proxy, method, words) -> switch (method.getName()) {
        case "name" -> SlotWorld.NAME;
        case "heldBytesMax" -> 1L << 20;
        case "offer" -> queue.add((SlotUnit) words[0]);
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
    SlotUnit first = append(handle, 1);
    SlotUnit second = append(handle, 2);
    handle.commit();
    run();
    SlotUnit early = append(handle, 3);
    assertThat(early).as("its batch has not left the first ones").isNotIn(first, second);
    queue.get(2).deliver();
    SlotUnit late = append(handle, 4);
    assertThat(late).as("what was durable before is let go").isNotIn(first, second);
    queue.clear();
    queue.addAll(List.of(early, late));
    handle.commit();
    run();
    queue.getLast().deliver();
    Change again = (Change) append(handle, 5);
    assertThat(again).isIn(early, late);
    assertThat(again.isKept()).isFalse();
    assertThat(again.attempts()).isZero();
    assertThat(again.index).isEqualTo(4);
    assertThat(again.number).isEqualTo(5);
    assertThat(again.bytes()).isEqualTo(64 + 1);
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
