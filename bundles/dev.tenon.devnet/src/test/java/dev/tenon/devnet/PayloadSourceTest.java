package dev.tenon.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Hasher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadSourceTest {
  /// Keeps the first bytes: enough to tell the payloads of a test apart.
  private static final Hasher FIRST_BYTES = parts -> {
    byte[] digest = new byte[Digest.SIZE];
    byte[] bytes = parts[0].toArray();
    System.arraycopy(bytes, 0, digest, 0, Math.min(bytes.length, Digest.SIZE));
    return new Digest(Bytes.of(digest));
  };

  @TempDir
  private Path folder;

  @Test
  void makesADifferentPayloadForEachSequencerAndHeightAndTheSameAgain() {
    var source = new PayloadSource(List.of(Bytes.of((byte) 1), Bytes.of((byte) 2)), List.of(), FIRST_BYTES);
    Set<Bytes> seen = new HashSet<>();
    for (int sequencer = 0; sequencer < 3; sequencer++) {
      for (int height = 0; height < 10; height++) {
        Payload payload = source.make(sequencer, new Height(height));
        assertThat(seen.add(payload.bytes())).isTrue();
        assertThat(source.remake(sequencer, new Height(height), payload.digest())).contains(payload);
      }
    }
  }

  @Test
  void makesAPayloadOfAnEarlierRunAgainAlthoughTheInputHasChanged() throws IOException {
    List<Bytes> before = List.of(Bytes.of((byte) 1));
    InputFolder.keep(folder, before, FIRST_BYTES);
    Payload uncertified = new PayloadSource(before, List.of(), FIRST_BYTES).make(0, new Height(7));
    List<Bytes> now = List.of(Bytes.of((byte) 2));
    var source = new PayloadSource(now, InputFolder.keep(folder, now, FIRST_BYTES), FIRST_BYTES);
    assertThat(source.make(0, new Height(7))).isNotEqualTo(uncertified);
    assertThat(source.remake(0, new Height(7), uncertified.digest())).contains(uncertified);
    assertThat(source.remake(0, new Height(8), uncertified.digest())).isEmpty();
  }

  @Test
  void readsTheBuiltInBatches() {
    assertThat(InputFolder.read("")).extracting(Bytes::size).containsExactly(119_942, 3_250, 23_886);
  }

  @Test
  void takesFilesUpToOneMebibyteAndNamesALargerOne() throws IOException {
    Files.write(folder.resolve("a"), new byte[1 << 20]);
    assertThat(InputFolder.read(folder.toString())).hasSize(1);
    Files.write(folder.resolve("b"), new byte[(1 << 20) + 1]);
    assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> InputFolder.read(folder.toString()))
        .satisfies(refused -> assertThat(refused.value()).endsWith("/b"));
  }

  @Test
  void refusesAFolderWithoutFiles() {
    assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> InputFolder.read(folder.toString()));
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> InputFolder.read(folder.resolve("none").toString()));
  }
}
