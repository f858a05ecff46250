package dev.tenon.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.Volume;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbedStorageTest {
  private static final byte[] NAME = {1};
  private static final long HELD_SECONDS_MAX = 20;
  private static final String DESK = "desk:v0/journal/broadcast";

  @TempDir
  private Path folder;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Blob blob = fake(Blob.class, Collections.emptyList());
  private final Storage view = fake(Storage.class, List.of(blob));
  private final Volume volume = fake(Volume.class, List.of(view));
  private HoldPoint point;

  /// Notes what is called, with how many of the words are the fakes' own.
  private <T> T fake(Class<T> contract, List<Object> answers) {
    return contract.cast(Proxy.newProxyInstance(contract.getClassLoader(), new Class<?>[] {contract},
        (proxy, method, words) -> {
          Object first = words == null ? "" : words[0];
          boolean own = first == view || (first instanceof Collection<?> many && many.iterator().next() == blob);
          calls.add(method.getName() + (own ? " own" : ""));
          return answers.stream().filter(answer -> method.getReturnType().isInstance(answer)).findFirst().orElse(null);
        }));
  }

  @BeforeEach
  void makePoint() throws IOException {
    point = new HoldPoint(new History(folder.resolve("history")));
  }

  private Volume probed() {
    return ProbedStorage.of(Volume.class, volume, point);
  }

  /// On a thread of its own, that nobody ends.
  private void awaitHeld(String step, Runnable task) {
    Thread.ofPlatform().daemon().start(() -> point.within(DESK, step, () -> {
      task.run();
      return true;
    }));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(HELD_SECONDS_MAX);
    while (!(point.isHeld() && isTold()) && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(point.isHeld()).isTrue();
  }

  /// Which comes right behind it.
  private boolean isTold() { return folder.resolve("history").toFile().length() > 0; }

  @Test
  void aStepIsHeldBeforeItMakesAnythingDurable() throws IOException {
    point.arm("own", HoldPoint.Edge.FLUSH);
    awaitHeld("own", () -> probed().scope("x").replace("_tenon", NAME, ByteBuffer.allocate(1)));
    assertThat(calls).containsExactly("scope");
    assertThat(Files.readString(folder.resolve("history"))).isEqualTo("held " + DESK + " own FLUSH\n");
  }

  @Test
  void aStepIsHeldAfterTheFirstThatItMakesDurable() {
    point.arm("commit", HoldPoint.Edge.FLUSHED);
    awaitHeld("commit", () -> {
      Storage records = probed().scope("");
      records.open("records", NAME).sync();
      records.replace("_tenon", NAME, ByteBuffer.allocate(1));
    });
    assertThat(calls).containsExactly("scope", "open", "sync");
  }

  @Test
  void anotherStepGoesOn() {
    point.arm("commit", HoldPoint.Edge.FLUSH);
    assertThat(point.within(DESK, "own", () -> {
      probed().delete("x");
      return 7;
    })).isEqualTo(7);
    probed().delete("y"); // in no step
    assertThat(point.isHeld()).isFalse();
    assertThat(calls).containsExactly("delete", "delete");
  }

  @Test
  void aSchemeGoesOn() {
    point.arm("commit", HoldPoint.Edge.FLUSH);
    assertThat(point.within("desk:v0/scheme/broadcast", "commit", () -> {
      probed().delete("x");
      return 7;
    })).isEqualTo(7);
    assertThat(point.isHeld()).isFalse();
    awaitHeld("commit", () -> probed().delete("x"));
  }

  @Test
  void aVolumeGetsItsOwnViewsBackAndAViewItsOwnBlobs() {
    Volume probed = probed();
    Storage storage = probed.scope("x");
    storage.syncAll(List.of(storage.open("p", NAME)));
    probed.revoke(storage);
    assertThat(calls).containsExactly("scope", "open", "syncAll own", "revoke own");
  }
}
