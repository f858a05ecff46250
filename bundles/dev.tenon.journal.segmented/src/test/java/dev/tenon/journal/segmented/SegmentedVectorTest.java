package dev.tenon.journal.segmented;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.testkit.vectors.ReferenceFiles;
import dev.tenon.testkit.vectors.VectorRunner;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The files are those of the reference, byte for byte.
class SegmentedVectorTest implements ReferenceFiles {
  private static final Path VECTORS = Path.of("..", "..", "itests", "vectors", "commonware-storage");

  @ParameterizedTest
  @CsvSource({"disk-small.json, 22", "disk-audits.json, 10", "conformance.json, 1", "primitives.json, 37"})
  void writesAndReadsAsTheReference(String file, int count) {
    var bytes = new ByteArrayOutputStream();
    VectorRunner.run(List.of(VECTORS.resolve(file)), this, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines()).containsExactly(count + " passed, 0 failed");
  }

  @Override
  public JournalProvider provider(int pageBytes, int writeBufferBytes) {
    return SegmentedJournalProvider.plain(pageBytes, writeBufferBytes);
  }

  @Override
  public Pages pages(Storage storage, String partition, byte[] name, int pageBytes, int writeBufferBytes) {
    var pages = new SegmentedPages(storage, partition, name, pageBytes, writeBufferBytes);
    return new Pages() {
      @Override
      public long size() {
        return pages.size();
      }

      @Override
      public void append(byte[] bytes) {
        pages.append(bytes);
      }

      @Override
      public void sync() {
        pages.sync();
      }

      @Override
      public byte[] read() {
        return pages.read();
      }

      @Override
      public void close() {
        pages.close();
      }
    };
  }
}
