package dev.tenon.runtime.jvm;

import static dev.tenon.runtime.jvm.RuntimeFixture.await;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.NoSpaceException;
import dev.tenon.runtime.storage.ShortReadException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderVolumeTest {
  private static final byte[] NAME = {0, (byte) 0xff};

  Path folder;
  RuntimeFixture fixture;
  Storage storage;

  @BeforeEach
  void open(@TempDir Path at) {
    folder = at;
    fixture = new RuntimeFixture(folder);
    storage = fixture.runtime.volume().scope("journal/a");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  private static String read(Blob blob, long offset, int count) {
    var buffer = ByteBuffer.allocate(count);
    blob.read(offset, buffer);
    return new String(buffer.array(), US_ASCII);
  }

  @Test
  void keepsABlobUnderItsNameInHexWithNothingAdded() throws IOException {
    try (var blob = storage.open("part_0", NAME)) {
      blob.write(2, text("abc"));
      assertThat(blob.size()).isEqualTo(5);
      blob.sync();
      assertThat(read(blob, 0, 5)).isEqualTo("\0\0abc");
      blob.resize(3);
      blob.resize(4);
      assertThat(read(blob, 0, 4)).isEqualTo("\0\0a\0");
      storage.syncAll(List.of(blob));
    }
    assertThat(Files.readAllBytes(folder.resolve("journal/a/part_0/00ff"))).containsExactly(0, 0, 'a', 0);
  }

  @Test
  void aReadBeyondTheEndIsShortAndKillsNothing() {
    try (var blob = storage.open("p", NAME)) {
      blob.write(0, text("abc"));
      assertThatThrownBy(() -> read(blob, 1, 3)).isInstanceOf(ShortReadException.class).hasMessageContaining("00ff");
      assertThat(read(blob, 1, 2)).isEqualTo("bc");
    }
  }

  @Test
  void movesManyMegabytesInParts() {
    try (var blob = storage.open("p", NAME)) {
      var big = ByteBuffer.allocate(5_000_001);
      big.put(5_000_000, (byte) 7);
      blob.write(3, big);
      assertThat(big.hasRemaining()).isFalse();
      var back = ByteBuffer.allocate(5_000_001);
      blob.read(3, back);
      assertThat(back.get(5_000_000)).isEqualTo((byte) 7);
    }
  }

  @Test
  void scansInTheOrderOfUnsignedBytesAndRefusesWhatIsNoBlob() throws IOException {
    for (byte[] name : List.of(new byte[] {(byte) 0x80}, new byte[] {1}, new byte[] {1, 0})) {
      storage.replace("p", name, text("x"));
    }
    assertThat(storage.scan("p")).containsExactly(new byte[] {1}, new byte[] {1, 0}, new byte[] {(byte) 0x80});
    assertThat(storage.scan("absent")).isEmpty();
    assertThat(storage.partitions()).containsExactly("p");
    Files.writeString(folder.resolve("journal/a/p/0G"), "");
    assertThatThrownBy(() -> storage.scan("p")).isInstanceOf(CorruptionException.class).hasMessageContaining("0G");
  }

  @Test
  void replacesAsAWholeAndRemoves() {
    storage.replace("p", NAME, text("one"));
    storage.replace("p", NAME, text("longer"));
    try (var blob = storage.open("p", NAME)) {
      assertThat(read(blob, 0, 6)).isEqualTo("longer");
      assertThatThrownBy(() -> storage.remove("p", NAME)).isInstanceOf(CheckFailed.class);
      assertThatThrownBy(() -> storage.open("p", NAME)).isInstanceOf(CheckFailed.class);
    }
    storage.remove("p", NAME);
    storage.remove("p", NAME);
    assertThat(storage.scan("p")).isEmpty();
  }

  @Test
  void everyCallOfARevokedViewIsFencedAndOtherViewsGoOn() {
    var blob = storage.open("p", NAME);
    blob.write(0, text("abc"));
    var other = fixture.runtime.volume().scope("journal/a");
    fixture.runtime.volume().revoke(storage);
    assertThatThrownBy(() -> blob.write(0, text("x"))).isInstanceOf(FencedException.class);
    assertThatThrownBy(blob::sync).isInstanceOf(FencedException.class);
    assertThatThrownBy(blob::size).isInstanceOf(FencedException.class);
    assertThatThrownBy(() -> storage.scan("p")).isInstanceOf(FencedException.class);
    assertThatThrownBy(() -> storage.syncAll(List.of(blob))).isInstanceOf(FencedException.class);
    blob.close();
    assertThat(other.scan("p")).hasSize(1);
  }

  @Test
  void revokeWaitsForTheCallThatIsInside() {
    var view = (FolderView) storage;
    var inside = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var revoking = new CountDownLatch(1);
    var revoked = new CountDownLatch(1);
    var left = new AtomicBoolean();
    new Thread(() -> view.call("slow", () -> {
      inside.countDown();
      await(gate);
      left.set(true);
      return true;
    })).start();
    await(inside);
    var tooEarly = new AtomicBoolean();
    new Thread(() -> {
      revoking.countDown();
      fixture.runtime.volume().revoke(view);
      tooEarly.set(!left.get());
      revoked.countDown();
    }).start();
    await(revoking);
    gate.countDown();
    await(revoked);
    assertThat(tooEarly).isFalse();
  }

  @Test
  void aBlobIsUsedFromTheStrandThatOpenedIt() {
    var strand = fixture.runtime.strand("s");
    var opened = new CountDownLatch(1);
    var blobs = new ArrayList<Blob>();
    strand.run("open", () -> {
      blobs.add(storage.open("p", NAME));
      opened.countDown();
      return true;
    });
    await(opened);
    assertThatThrownBy(() -> blobs.getFirst().sync()).isInstanceOf(CheckFailed.class);
  }

  @Test
  void aSecondNodeOnTheFolderGetsOneClearException() {
    assertThatThrownBy(() -> new JvmRuntime("v0", fixture.pools, fixture.metrics, folder))
        .isInstanceOf(StorageFailedException.class).hasMessageContaining("in use").hasMessageContaining("process ");
    fixture.runtime.close();
    new JvmRuntime("v0", fixture.pools, fixture.metrics, folder).close();
  }

  @Test
  void listsRenamesAndDeletesLocationsButNotItsOwnFiles() {
    storage.replace("p", NAME, text("abc"));
    var volume = fixture.runtime.volume();
    assertThat(volume.locations("")).containsExactly("journal");
    assertThat(volume.locations("absent")).isEmpty();
    volume.rename("journal/a", "moved/deep/b");
    assertThat(volume.locations("moved/deep")).containsExactly("b");
    assertThat(volume.scope("moved/deep/b").scan("p")).hasSize(1);
    assertThatThrownBy(() -> volume.rename("journal/a", "c")).isInstanceOf(CheckFailed.class);
    volume.delete("moved");
    volume.delete("moved");
    assertThat(volume.locations("")).containsExactly("journal");
    assertThat(volume.usableBytes()).isPositive();
    for (String bad : List.of("..", "a/../b", "/a", "a//b", "~lock", "a b")) {
      assertThatThrownBy(() -> volume.scope(bad)).as(bad).isInstanceOf(CheckFailed.class);
    }
  }

  @Test
  void whatACrashLeftInScratchIsGoneAfterTheNextStart() throws IOException {
    fixture.runtime.close();
    Files.writeString(folder.resolve("~scratch/0"), "half");
    var next = new JvmRuntime("v0", fixture.pools, fixture.metrics, folder);
    assertThat(folder.resolve("~scratch")).isEmptyDirectory();
    next.close();
  }

  @Test
  void concurrentSyncsOfOneBlobShareForces() throws InterruptedException {
    var blob = storage.open("p", NAME);
    int callers = 8;
    int each = 50;
    var threads = new ArrayList<Thread>();
    for (int c = 0; c < callers; c++) {
      long offset = c;
      var thread = new Thread(() -> {
        for (int i = 0; i < each; i++) {
          blob.write(offset, text("x"));
          blob.sync();
        }
      });
      threads.add(thread);
      thread.start();
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(fixture.metrics.count("tenon_storage_force_seconds", "node", "v0")).isPositive()
        .isLessThan((long) callers * each);
  }

  @Test
  void aClosedBlobIsNotUsedAndCloseIsIdempotent() {
    var blob = storage.open("p", NAME);
    blob.close();
    blob.close();
    assertThatThrownBy(() -> blob.write(0, text("x"))).isInstanceOf(CheckFailed.class);
    storage.open("p", NAME).close();
  }

  @Test
  void tellsAFullDiskFromOtherFailures() {
    assertThat(Failures.of("x", new IOException("No space left on device"))).isInstanceOf(NoSpaceException.class);
    assertThat(Failures.of("x", new FileSystemException("f", null, "Disk quota exceeded")))
        .isInstanceOf(NoSpaceException.class);
    assertThat(Failures.of("x", new IOException("Input/output error"))).isNotInstanceOf(NoSpaceException.class)
        .hasMessage("x: Input/output error");
  }
}
