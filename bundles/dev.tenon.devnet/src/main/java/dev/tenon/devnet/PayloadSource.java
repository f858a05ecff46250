package dev.tenon.devnet;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Check;
import dev.tenon.codec.Writer;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Hasher;
import java.util.List;
import java.util.Optional;

/// Makes payloads from a folder's files, in a loop. Which payload belongs to a height follows from the sequencer's
/// number and the height alone, so the same bytes can be made again after a restart. Any thread.
final class PayloadSource {
  private static final int HEIGHT_BITS = 40;

  private final List<Bytes> files;
  private final List<Bytes> former;
  private final Hasher hasher;

  /// @param files at least one
  /// @param former files of earlier runs, from which a chunk may stem that is not yet certified
  PayloadSource(List<Bytes> files, List<Bytes> former, Hasher hasher) {
    Check.that(!files.isEmpty(), "there is a file to broadcast");
    this.files = List.copyOf(files);
    this.former = List.copyOf(former);
    this.hasher = hasher;
  }

  /// @param sequencer its number in the devnet, from 0
  Payload make(int sequencer, Height height) {
    Bytes file = files.get((int) Long.remainderUnsigned(height.value() + sequencer, files.size()));
    return make(sequencer, height, file);
  }

  /// Makes the payload of a chunk again whose digest is known.
  ///
  /// @return empty if no file that is kept gives it
  Optional<Payload> remake(int sequencer, Height height, Digest digest) {
    Payload first = make(sequencer, height);
    if (first.digest().equals(digest)) {
      return Optional.of(first);
    }
    for (List<Bytes> kept : List.of(files, former)) {
      for (Bytes file : kept) {
        Payload payload = make(sequencer, height, file);
        if (payload.digest().equals(digest)) {
          return Optional.of(payload);
        }
      }
    }
    return Optional.empty();
  }

  private Payload make(int sequencer, Height height, Bytes file) {
    var writer = new Writer(Long.BYTES + file.size());
    writer.u64((long) sequencer << HEIGHT_BITS | height.value());
    writer.raw(file);
    Bytes bytes = writer.finish();
    return new Payload(hasher.hash(bytes), bytes);
  }
}
