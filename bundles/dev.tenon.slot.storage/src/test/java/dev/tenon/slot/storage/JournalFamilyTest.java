package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.SlotPort;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: what was given up changes no books, however late it comes back.
class JournalFamilyTest {
  static final SlotPort PORT = (SlotPort) Proxy.newProxyInstance(SlotPort.class.getClassLoader(),
      new Class<?>[] {SlotPort.class}, (proxy, method, args) -> switch (method.getName()) {
        case "name" -> SlotWorld.NAME;
        case "heldBytesMax" -> 1L << 20;
        default -> null;
      });

  /// An instance with one empty journal.
  private static Tenure tenure(Runnable onActivate) {
    return new Tenure((JournalInstance) Proxy.newProxyInstance(JournalInstance.class.getClassLoader(),
        new Class<?>[] {JournalInstance.class}, (proxy, method, args) -> switch (method.getName()) {
          case "report" -> new OpenReport(List.of(new OpenReport.Found("a", 0, List.of())), 0);
          case "activate" -> {
            onActivate.run();
            yield null;
          }
          default -> null;
        }), 1_024);
  }

  @Test
  void anActivationThatEndsAfterItWasGivenUpMakesNothingDurable() {
    JournalFamily family = new JournalFamily(PORT);
    Tenure first = tenure(() -> {});
    family.resume(first);
    JournalHandle handle = family.open(first, "a", null);
    family.sync(first);
    Change early = append(handle, 0);
    early.run(first);
    Tenure later = tenure(() -> {});
    Change unsynced = append(handle, 1);
    Tenure[] hung = new Tenure[1];
    hung[0] = tenure(() -> {
      family.fence(hung[0]); // given up meanwhile
      family.fence(first);
      family.resume(later);
      unsynced.run(later);
    });
    assertThatThrownBy(() -> family.adopt(hung[0])).isInstanceOf(FencedException.class);
    assertThat(unsynced.item).as("kept until it is durable").isNotNull();
    family.sync(later);
    assertThat(unsynced.item).isNull();
  }

  private static Change append(JournalHandle handle, long index) {
    return new Change(handle).be(Change.Kind.APPEND, 0, index, index + 1, Bytes.wrap(new byte[] {1}));
  }
}
