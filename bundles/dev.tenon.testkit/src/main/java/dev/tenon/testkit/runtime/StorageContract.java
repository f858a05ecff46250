package dev.tenon.testkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.network.PeerId;
import dev.tenon.runtime.network.Urgency;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.ShortReadException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.Volume;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What holds of a runtime's storage and links, whatever is beneath. What a crash leaves is not part of it.
public abstract class StorageContract {
  private static final byte[] NAME = {0x0A, (byte) 0xFF};

  private RuntimeBed bed = new SimBed(0);

  /// @return a fresh one for each test, with empty folders
  protected abstract RuntimeBed newBed();

  @BeforeEach
  final void makeBed() {
    bed = newBed();
  }

  @AfterEach
  final void closeBed() {
    bed.close();
  }

  private void onStrand(BiConsumer<Volume, Storage> task) {
    RuntimeAsk.blocking(bed, bed.node("v0"), () -> {
      Volume volume = bed.node("v0").volume();
      task.accept(volume, volume.scope("slot/1"));
    });
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  private static byte[] read(Blob blob, long offset, int length) {
    ByteBuffer into = ByteBuffer.allocate(length);
    blob.read(offset, into);
    assertThat(into.hasRemaining()).isFalse();
    return into.array();
  }

  @Test
  void readsWhatWasWrittenAlsoThroughANewHandle() {
    onStrand((volume, storage) -> {
      Blob blob = storage.open("part", NAME);
      ByteBuffer from = bytes(1, 2, 3);
      blob.write(0, from);
      assertThat(from.hasRemaining()).isFalse();
      blob.write(2, bytes(9, 8));
      assertThat(blob.size()).isEqualTo(4);
      blob.sync();
      blob.close();
      blob.close();
      Blob again = storage.open("part", NAME);
      assertThat(read(again, 0, 4)).containsExactly(1, 2, 9, 8);
      assertThat(read(again, 3, 1)).containsExactly(8);
      again.close();
    });
  }

  @Test
  void fillsGapsAndGrowthWithZerosAlsoAfterACut() {
    onStrand((volume, storage) -> {
      Blob blob = storage.open("part", NAME);
      blob.write(4, bytes(7));
      assertThat(read(blob, 0, 5)).containsExactly(0, 0, 0, 0, 7);
      blob.resize(2);
      blob.resize(6);
      assertThat(read(blob, 0, 6)).containsExactly(0, 0, 0, 0, 0, 0);
      blob.close();
    });
  }

  @Test
  void aReadBeyondTheEndIsShort() {
    onStrand((volume, storage) -> {
      Blob blob = storage.open("part", NAME);
      blob.write(0, bytes(1, 2, 3));
      assertThatThrownBy(() -> blob.read(1, ByteBuffer.allocate(3))).isInstanceOf(ShortReadException.class);
      assertThatThrownBy(() -> blob.read(9, ByteBuffer.allocate(1))).isInstanceOf(ShortReadException.class);
      blob.read(3, ByteBuffer.allocate(0));
      blob.close();
    });
  }

  @Test
  void scansNamesSortedAsUnsignedBytes() {
    onStrand((volume, storage) -> {
      assertThat(storage.scan("part")).isEmpty();
      for (byte[] name : List.of(new byte[] {(byte) 0xFF}, new byte[] {1, 2}, new byte[] {1}, new byte[] {0x7F})) {
        storage.open("part", name).close();
      }
      assertThat(storage.scan("part")).containsExactly(new byte[] {1}, new byte[] {1, 2}, new byte[] {0x7F},
          new byte[] {(byte) 0xFF});
      storage.open("other-part_2", NAME).close();
      assertThat(storage.partitions()).containsExactly("other-part_2", "part");
    });
  }

  @Test
  void removesAndReplaces() {
    onStrand((volume, storage) -> {
      storage.replace("part", NAME, bytes(1, 2, 3));
      storage.replace("part", NAME, bytes(4));
      Blob blob = storage.open("part", NAME);
      assertThat(read(blob, 0, (int) blob.size())).containsExactly(4);
      blob.close();
      storage.remove("part", NAME);
      storage.remove("part", NAME);
      storage.remove("absent", NAME);
      assertThat(storage.scan("part")).isEmpty();
    });
  }

  @Test
  void syncsSeveralBlobsAsOneBarrier() {
    onStrand((volume, storage) -> {
      Blob one = storage.open("part", new byte[] {1});
      Blob two = storage.open("part", new byte[] {2});
      one.write(0, bytes(1));
      two.write(0, bytes(2));
      storage.syncAll(List.of(one, two));
      storage.syncAll(List.of());
      assertThat(read(two, 0, 1)).containsExactly(2);
      one.close();
      two.close();
    });
  }

  @Test
  void refusesNamesThatAreNone() {
    onStrand((volume, storage) -> {
      assertThatThrownBy(() -> storage.open("a/b", NAME)).isInstanceOf(CheckFailed.class);
      assertThatThrownBy(() -> storage.open("", NAME)).isInstanceOf(CheckFailed.class);
      assertThatThrownBy(() -> storage.open("a", new byte[0])).isInstanceOf(CheckFailed.class);
      assertThatThrownBy(() -> storage.open("a", new byte[121])).isInstanceOf(CheckFailed.class);
      storage.open("a", new byte[120]).close();
    });
  }

  @Test
  void listsRenamesAndDeletesLocations() {
    onStrand((volume, storage) -> {
      assertThat(volume.locations("slot")).isEmpty();
      storage.replace("part", NAME, bytes(5));
      volume.scope("slot/2").replace("part", NAME, bytes(6));
      assertThat(volume.locations("slot")).containsExactly("1", "2");
      volume.rename("slot/1", "slot/1.aside-0");
      assertThat(volume.locations("slot")).containsExactly("1.aside-0", "2");
      Blob moved = volume.scope("slot/1.aside-0").open("part", NAME);
      assertThat(read(moved, 0, 1)).containsExactly(5);
      moved.close();
      volume.delete("slot/1.aside-0");
      volume.delete("slot/none");
      assertThat(volume.locations("slot")).containsExactly("2");
      assertThat(volume.usableBytes()).isPositive();
      assertThat(volume.usedBytes("slot/none")).isZero();
      assertThat(volume.usedBytes("slot/2")).isEqualTo(1);
      volume.scope("slot/2").replace("other", NAME, bytes(1, 2, 3));
      assertThat(volume.usedBytes("slot/2")).isEqualTo(4);
      assertThat(volume.usedBytes("slot")).isEqualTo(4);
    });
  }

  @Test
  void aRevokedViewAndItsHandlesAreFencedAndOthersAreNot() {
    onStrand((volume, storage) -> {
      Storage other = volume.scope("slot/1");
      Blob blob = storage.open("part", NAME);
      blob.write(0, bytes(1));
      volume.revoke(storage);
      assertThatThrownBy(() -> blob.write(0, bytes(2))).isInstanceOf(FencedException.class);
      assertThatThrownBy(blob::sync).isInstanceOf(FencedException.class);
      assertThatThrownBy(() -> storage.open("part", NAME)).isInstanceOf(FencedException.class);
      assertThatThrownBy(() -> storage.scan("part")).isInstanceOf(FencedException.class);
      blob.close();
      Blob again = other.open("part", NAME);
      assertThat(read(again, 0, 1)).containsExactly(1);
      again.close();
    });
  }

  @Test
  void linksCarryFramesInOrderUntilTheyAreClosed() {
    PeerId one = new PeerId(Bytes.of((byte) 1));
    PeerId two = new PeerId(Bytes.of((byte) 2));
    List<String> received = new CopyOnWriteArrayList<>();
    var near = bed.node("v0").network().link(one, "acks", frame -> Offer.OK);
    assertThat(near.send(two, Bytes.EMPTY, Urgency.NORMAL)).isEqualTo(Offer.CLOSED);
    var far = bed.node("v1").network().link(two, "acks", frame -> {
      received.add(frame.from().key().hex() + " " + frame.bytes().hex());
      return Offer.OK;
    });
    near.send(one, Bytes.of((byte) 0), Urgency.NORMAL);
    for (int i = 1; i <= 3; i++) {
      assertThat(near.send(two, Bytes.of((byte) i), Urgency.NORMAL)).isEqualTo(Offer.OK);
    }
    bed.until(() -> received.size() == 3);
    assertThat(received).containsExactly("01 01", "01 02", "01 03");
    far.close();
    assertThat(near.send(two, Bytes.EMPTY, Urgency.NORMAL)).isEqualTo(Offer.CLOSED);
  }
}
