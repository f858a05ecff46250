package dev.tenon.runtime.jvm;

import static dev.tenon.runtime.jvm.RuntimeFixture.await;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tenon.runtime.jvm.FaultyDisk.Op;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.runtime.storage.Volume;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What storage does where the file system fails or hangs.
class StorageFaultTest {
  private static final byte[] NAME = {1};

  final FaultyDisk disk = new FaultyDisk();
  final JvmPools pools = new JvmPools(new JvmPools.Threads(2, 2, 4, 2));
  Path folder;
  JvmRuntime runtime;
  Volume volume;
  Storage storage;
  Path file;

  @BeforeEach
  void open(@TempDir Path at) {
    folder = at.resolve("data/v0");
    start();
    file = folder.resolve("journal/a/p/01");
  }

  private void start() {
    runtime = new JvmRuntime("v0", pools, new MemoryMetrics(), folder, disk);
    volume = runtime.volume();
    storage = volume.scope("journal/a");
  }

  @AfterEach
  void close() {
    disk.step = (op, path) -> {};
    runtime.close();
    pools.close();
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  private static String all(Blob blob) {
    var buffer = ByteBuffer.allocate((int) blob.size());
    blob.read(0, buffer);
    return new String(buffer.array(), US_ASCII);
  }

  /// Holds the n-th call of a kind until it is let go.
  private final class Held {
    final CountDownLatch inside = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);

    Held(Op op, int nth) {
      var left = new AtomicInteger(nth);
      disk.step = (called, path) -> {
        if (called == op && left.decrementAndGet() == 0) {
          inside.countDown();
          await(go);
        }
      };
    }
  }

  private static Thread started(Runnable body, AtomicReference<Throwable> thrown) {
    var thread = new Thread(() -> {
      try {
        body.run();
      } catch (Throwable e) {
        thrown.set(e);
      }
    });
    thread.start();
    return thread;
  }

  /// Begins to revoke, and returns once the view is shut.
  private Thread revoking() {
    var thread = started(() -> volume.revoke(storage), new AtomicReference<>());
    while (true) {
      try {
        storage.usableBytes();
        Thread.onSpinWait();
      } catch (FencedException shut) {
        return thread;
      }
    }
  }

  @Test
  void theFolderStaysLockedWhileACallThatOutlivesItsNodeIsInside() throws InterruptedException {
    var blob = storage.open("p", NAME);
    var held = new Held(Op.WRITE, 1);
    var thread = started(() -> blob.write(0, text("late")), new AtomicReference<>());
    await(held.inside);
    runtime.close();
    assertThatThrownBy(this::start).isInstanceOf(StorageFailedException.class).hasMessageContaining("in use");
    held.go.countDown();
    thread.join();
    start();
    assertThat(volume.locations("")).containsExactly("journal");
  }

  @Test
  void aReplacementThatIsRevokedOnItsWayDoesNotTakeItsName() throws InterruptedException {
    storage.replace("p", NAME, text("old"));
    var held = new Held(Op.FORCE, 1);
    var thrown = new AtomicReference<Throwable>();
    var replacing = started(() -> storage.replace("p", NAME, text("new")), thrown);
    await(held.inside);
    var revoking = revoking();
    held.go.countDown();
    replacing.join();
    revoking.join();
    assertThat(thrown.get()).isInstanceOf(FencedException.class);
    try (var blob = volume.scope("journal/a").open("p", NAME)) {
      assertThat(all(blob)).isEqualTo("old");
    }
    assertThat(folder.resolve("~scratch")).isEmptyDirectory();
  }

  @Test
  void aLongWriteThatIsRevokedOnItsWayStopsBeforeItsNextPart() throws InterruptedException, IOException {
    var blob = storage.open("p", NAME);
    var held = new Held(Op.WRITE, 2);
    var thrown = new AtomicReference<Throwable>();
    var writing = started(() -> blob.write(0, ByteBuffer.allocate(5 << 20)), thrown);
    await(held.inside);
    var revoking = revoking();
    held.go.countDown();
    writing.join();
    revoking.join();
    assertThat(thrown.get()).isInstanceOf(FencedException.class);
    assertThat(Files.size(file)).isEqualTo(2 << 20);
  }

  @Test
  void noTwoRunsShareANameInScratch() {
    storage.replace("p", NAME, text("x"));
    runtime.close();
    start();
    storage.replace("p", NAME, text("y"));
    var scratch = folder.resolve("~scratch");
    assertThat(disk.opened.stream().filter(path -> path.startsWith(scratch)).toList()).hasSize(2)
        .doesNotHaveDuplicates();
  }

  private static final Path LOCKS = Path.of("/proc/locks");

  /// How the system tells of the lock.
  private String lock() throws IOException {
    return " " + ProcessHandle.current().pid() + " .*:" + Files.getAttribute(folder.resolve("~lock"), "unix:ino")
        + " 0 EOF";
  }

  private void isRefusedAndTakesNoLockAway() throws IOException {
    assertThat(Files.readString(LOCKS)).containsPattern(lock());
    assertThatThrownBy(() -> new JvmRuntime("v0", pools, new MemoryMetrics(), folder, disk))
        .isInstanceOf(StorageFailedException.class).hasMessageContaining("in use");
    assertThat(Files.readString(LOCKS)).containsPattern(lock());
  }

  @Test
  void aNodeThatIsRefusedTakesNoLockAway() throws IOException {
    assumeThat(LOCKS).exists();
    isRefusedAndTakesNoLockAway();
    Files.delete(folder.resolve("~holder")); // as it is for a moment where two of a process come at once
    isRefusedAndTakesNoLockAway();
  }

  @Test
  void theLockIsGivenBackThoughItsHolderCannotBeDeleted() throws IOException {
    assumeThat(LOCKS).exists();
    var holder = folder.resolve("~holder");
    Files.delete(holder);
    Files.createDirectories(holder.resolve("full"));
    runtime.close();
    assertThat(Files.readString(LOCKS)).doesNotContainPattern(lock());
    Files.delete(holder.resolve("full"));
    Files.delete(holder);
    start();
    assertThat(Files.readString(LOCKS)).containsPattern(lock());
  }

  @Test
  void aClaimOfAProcessThatWasKilledIsDropped() throws IOException {
    runtime.close();
    var old = Files.createFile(folder.resolve("~claim-1-1"));
    start();
    assertThat(old).doesNotExist();
    runtime.close();
    try (var left = Files.list(folder)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("~claim"))).isEmpty();
    }
    start();
  }

  @Test
  void aFolderIsKnownToBeDurableOnlyWithAllThoseAboveIt() {
    var blob = storage.open("p", NAME);
    disk.failNext(Op.FORCE_FOLDER, folder);
    assertThatThrownBy(blob::sync).isInstanceOf(StorageFailedException.class);
    assertThatThrownBy(blob::sync).as("a failure is final").isInstanceOf(StorageFailedException.class);
    blob.close();
    disk.foldersForced.clear();
    try (var again = storage.open("p", NAME)) {
      again.sync();
    }
    assertThat(disk.foldersForced).containsSubsequence(folder, folder.resolve("journal"),
        folder.resolve("journal/a"));
  }

  @Test
  void aFolderThatIsMadeAnewIsForcedAnew() {
    storage.replace("p", NAME, text("x"));
    volume.delete("journal");
    disk.foldersForced.clear();
    storage.replace("p", NAME, text("x"));
    assertThat(disk.foldersForced).containsSubsequence(folder, folder.resolve("journal"),
        folder.resolve("journal/a"));
  }

  @Test
  void theDataFolderItselfIsDurable() {
    assertThat(disk.foldersForced).contains(folder.resolve("../..").normalize(), folder.resolve("..").normalize());
    runtime.close();
    disk.foldersForced.clear();
    start();
    assertThat(disk.foldersForced).as("a start that was killed may have made it")
        .contains(folder.resolve("../..").normalize(), folder.resolve("..").normalize());
  }

  private void failAForce() {
    try (var blob = storage.open("p", NAME)) {
      blob.write(0, text("abc"));
      blob.sync();
      blob.write(1, text("xyz"));
      disk.failNext(Op.FORCE, file);
      assertThatThrownBy(blob::sync).isInstanceOf(StorageFailedException.class);
      assertThatThrownBy(blob::sync).as("a failure is final").isInstanceOf(StorageFailedException.class);
    }
  }

  private void whatIsSeenOutlastsAPowerLoss() {
    String seen;
    try (var blob = storage.open("p", NAME)) {
      seen = all(blob);
      blob.sync();
    }
    runtime.close();
    disk.losePower();
    start();
    try (var blob = storage.open("p", NAME)) {
      assertThat(all(blob)).isEqualTo(seen);
    }
  }

  @Test
  void whatIsSeenAfterAFailedForceIsMadeDurable() {
    failAForce();
    whatIsSeenOutlastsAPowerLoss();
  }

  @Test
  void whatIsSeenAfterAFailedForceIsMadeDurableAlsoByALaterProcess() {
    failAForce();
    runtime.close();
    start();
    whatIsSeenOutlastsAPowerLoss();
  }

  @Test
  void whatIsSeenAfterAFailedForceIsMadeDurableAlsoWhereTheLocationWasMovedMeanwhile() {
    failAForce();
    volume.rename("journal/a", "journal/b");
    storage = volume.scope("journal/b");
    String seen;
    try (var blob = storage.open("p", NAME)) {
      seen = all(blob);
      blob.sync();
    }
    disk.losePower();
    try (var blob = storage.open("p", NAME)) {
      assertThat(all(blob)).isEqualTo(seen);
    }
  }

  @Test
  void aFileWhoseForceFailedIsOpenedOnlyOnceItCouldBeWrittenAnew() {
    failAForce();
    disk.step = (op, path) -> {
      if (op == Op.FORCE) {
        throw new IOException("Input/output error");
      }
    };
    assertThatThrownBy(() -> storage.open("p", NAME)).isInstanceOf(StorageFailedException.class);
    disk.step = (op, path) -> {};
    assertThat(folder.resolve("~scratch")).isEmptyDirectory();
    whatIsSeenOutlastsAPowerLoss();
    assertThat(folder.resolve("~doubt")).isEmptyDirectory();
  }

  private Path theNote() throws IOException {
    try (var notes = Files.list(folder.resolve("~doubt"))) {
      return notes.findFirst().orElseThrow();
    }
  }

  @Test
  void aNoteThatAPowerLossHasSpoiltIsDroppedAndTheNodeStarts() throws IOException {
    for (byte[] left : List.of(new byte[] {0, 0, 0, 0}, new byte[] {(byte) 0xc3, 0x28, (byte) 0xff}, new byte[5_000])) {
      failAForce();
      var note = theNote();
      runtime.close();
      Files.write(note, left);
      start();
      assertThat(folder.resolve("~doubt")).isEmptyDirectory();
      try (var blob = storage.open("p", NAME)) {
        assertThat(blob.size()).isEqualTo(4);
      }
    }
  }

  @Test
  void aNoteThatCannotBeReadIsKeptAndTheNodeStarts() throws IOException {
    failAForce();
    var note = theNote();
    runtime.close();
    disk.failNext(Op.READ, note);
    start();
    assertThat(folder.resolve("~doubt")).isNotEmptyDirectory();
    try (var blob = storage.open("p", NAME)) {
      assertThat(blob.size()).isEqualTo(4);
    }
    runtime.close();
    start();
    whatIsSeenOutlastsAPowerLoss();
    assertThat(folder.resolve("~doubt")).as("it could be read again").isEmptyDirectory();
  }

  @Test
  void aCloseThatFailsKeepsNoOtherFileOpen() {
    var broken = storage.open("p", NAME);
    var other = storage.open("p", new byte[] {2});
    var closed = new AtomicInteger();
    disk.step = (op, on) -> {
      if (op == Op.CLOSE) {
        closed.incrementAndGet();
        throw new IOException("Input/output error");
      }
    };
    assertThatThrownBy(() -> volume.revoke(storage)).isInstanceOf(StorageFailedException.class);
    assertThat(closed).hasValue(2);
    for (Blob each : List.of(broken, other)) {
      assertThatThrownBy(each::size).isInstanceOf(FencedException.class);
    }
  }

  @Test
  void whatIsRemovedReplacedOrDeletedIsInDoubtNoMore() {
    failAForce();
    storage.replace("p", NAME, text("whole"));
    assertThat(folder.resolve("~doubt")).isEmptyDirectory();
    failAForce();
    storage.remove("p", NAME);
    assertThat(folder.resolve("~doubt")).isEmptyDirectory();
    failAForce();
    volume.delete("journal");
    assertThat(folder.resolve("~doubt")).isEmptyDirectory();
  }

  @Test
  void aBarrierInWhichAnErrorIsThrownDoesNotEndWell() {
    for (String broken : List.of("02", "01")) { // by a helper, by the caller itself
      disk.step = (op, on) -> {
        if (op == Op.FORCE && on.endsWith(broken)) {
          throw new AssertionError("broken");
        }
      };
      try (var first = storage.open("p", NAME); var second = storage.open("p", new byte[] {2})) {
        assertThatThrownBy(() -> storage.syncAll(List.of(first, second))).isInstanceOf(AssertionError.class);
        disk.step = (op, on) -> {};
        assertThatThrownBy(broken.equals("01") ? first::sync : second::sync)
            .isInstanceOf(StorageFailedException.class);
      }
    }
  }

  @Test
  void anInterruptedRevokeStillWaitsForTheCallThatIsInside() throws InterruptedException {
    var blob = storage.open("p", NAME);
    var held = new Held(Op.WRITE, 1);
    var left = new AtomicBoolean();
    var writing = started(() -> {
      try {
        blob.write(0, text("x"));
      } finally {
        left.set(true);
      }
    }, new AtomicReference<>());
    await(held.inside);
    var tooEarly = new AtomicBoolean();
    var interrupted = new AtomicBoolean();
    var revoking = started(() -> {
      Thread.currentThread().interrupt();
      volume.revoke(storage);
      tooEarly.set(held.go.getCount() > 0);
      interrupted.set(Thread.interrupted());
    }, new AtomicReference<>());
    while (revoking.getState() == Thread.State.NEW || revoking.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait(); // until it waits inside, or has ended
    }
    held.go.countDown();
    writing.join();
    revoking.join();
    assertThat(tooEarly).isFalse();
    assertThat(left).isTrue();
    assertThat(interrupted).as("the interruption is kept for who meant it").isTrue();
  }

  @Test
  void aFolderThatCannotBeReadIsNotTakenForAnEmptyOne() throws IOException {
    Files.createDirectories(folder.resolve("journal/a"));
    Files.createSymbolicLink(folder.resolve("journal/a/loop"), Path.of("loop"));
    Files.createSymbolicLink(folder.resolve("journal/loop"), Path.of("loop"));
    assertThatThrownBy(() -> storage.scan("loop")).isInstanceOf(StorageFailedException.class);
    assertThatThrownBy(() -> storage.remove("loop", NAME)).isInstanceOf(StorageFailedException.class);
    assertThatThrownBy(() -> volume.scope("journal/loop").partitions()).isInstanceOf(StorageFailedException.class);
    assertThatThrownBy(() -> volume.locations("journal/loop")).isInstanceOf(StorageFailedException.class);
    assertThat(volume.locations("journal")).containsExactly("a");
    assertThatThrownBy(() -> volume.delete("journal/loop/deep")).isInstanceOf(StorageFailedException.class);
  }

  @Test
  void aDeleteThatIsRepeatedMakesDurableWhatAnEarlierOneLeft() {
    storage.replace("p", NAME, text("x"));
    disk.failNext(Op.FORCE_FOLDER, folder.resolve("journal"));
    assertThatThrownBy(() -> volume.delete("journal/a")).isInstanceOf(StorageFailedException.class);
    disk.foldersForced.clear();
    volume.delete("journal/a");
    assertThat(disk.foldersForced).contains(folder.resolve("journal"));
    disk.foldersForced.clear();
    volume.delete("absent/deep/er");
    assertThat(disk.foldersForced).containsExactly(folder);
  }

  @Test
  void aViewThatNobodyHoldsIsForgotten() {
    var view = new WeakReference<>(volume.scope("journal/b"));
    for (int tries = 0; tries < 200 && view.get() != null; tries++) {
      System.gc();
    }
    assertThat(view.get()).isNull();
  }
}
