package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// Where things lie in a location.
final class Names {
  static final String OWN = "_tenon";
  static final String LOG = "log";
  static final String VIEW = "view";
  static final Bytes BASE = Bytes.of("base".getBytes(StandardCharsets.US_ASCII));
  static final Bytes MARK = Bytes.of("mark".getBytes(StandardCharsets.US_ASCII));

  private Names() {}

  /// The name of a segment or a run: 8 bytes, big-endian.
  static byte[] numbered(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  static String hex(long number) {
    return Bytes.wrap(numbered(number)).hex();
  }

  /// The numbers of all segments or runs that there are.
  static NavigableSet<Long> numbers(Storage storage, String partition) {
    var numbers = new TreeSet<Long>();
    for (byte[] name : storage.scan(partition)) {
      if (name.length != Long.BYTES || name[0] < 0) {
        throw new CorruptionException(partition, Bytes.of(name).hex(), 0, "a name of 8 bytes", "another blob");
      }
      numbers.add(ByteBuffer.wrap(name).getLong());
    }
    return numbers;
  }

  /// Writes one of the small blobs, with its checksum: never one that [#small] would not read again, for what was
  /// acknowledged upon it would be lost. What stood there before stays then.
  ///
  /// @param bytesMax as for [#small]
  static void replace(Storage storage, Bytes name, Bytes body, long bytesMax) {
    long size = (long) body.size() + Integer.BYTES;
    if (size > bytesMax) {
      throw new StorageFailedException("partition " + OWN + ", blob " + name.hex() + " would have " + size
          + " bytes: at most " + bytesMax + " are read");
    }
    storage.replace(OWN, name.toArray(), Checksum.with(body));
  }

  /// Reads one of the small blobs, and makes durable what is seen: a replacement that failed may be seen and lost
  /// again.
  ///
  /// @return nothing where there is none
  static Optional<Bytes> small(Storage storage, Bytes name, long bytesMax) {
    byte[] wanted = name.toArray();
    if (storage.scan(OWN).stream().noneMatch(present -> Arrays.equals(present, wanted))) {
      return Optional.empty();
    }
    try (Blob blob = storage.open(OWN, wanted)) {
      long size = blob.size();
      if (size > bytesMax) {
        throw new CorruptionException(OWN, name.hex(), size, "at most " + bytesMax + " bytes", size + " bytes");
      }
      var whole = ByteBuffer.allocate((int) size);
      blob.read(0, whole);
      blob.sync();
      return Optional.of(Bytes.wrap(whole.array()));
    }
  }
}
