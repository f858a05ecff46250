package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.testkit.journal.JournalHost;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What tests do with a family, and items whose address says what is in them.
final class Family {
  private Family() {}

  static Bytes item(String journal, long section, long index, int bytesMax) {
    var random = new SplittableRandom(journal.hashCode() * 31L + section * 1_000_003L + index);
    byte[] bytes = new byte[random.nextInt(bytesMax)];
    random.nextBytes(bytes);
    return Bytes.wrap(bytes);
  }

  static List<Bytes> items(String journal, long section, long from, int count, int bytesMax) {
    var items = new ArrayList<Bytes>();
    for (long index = from; index < from + count; index++) {
      items.add(item(journal, section, index, bytesMax));
    }
    return items;
  }

  static void opened(JournalHost host, JournalProvider provider, Consumer<JournalInstance> body) {
    host.run(context -> {
      JournalInstance instance = provider.open(context);
      try {
        instance.activate();
        body.accept(instance);
      } finally {
        instance.close();
      }
      return true;
    });
  }

  /// The files of one partition.
  static Map<Bytes, Bytes> files(JournalHost host, String partition) {
    return host.run(context -> {
      var files = new TreeMap<Bytes, Bytes>();
      for (byte[] name : context.storage().scan(partition)) {
        try (Blob blob = context.storage().open(partition, name)) {
          var whole = ByteBuffer.allocate((int) blob.size());
          blob.read(0, whole);
          files.put(Bytes.of(name), Bytes.wrap(whole.array()));
        }
      }
      return files;
    });
  }

  static void put(JournalHost host, String partition, Bytes name, Bytes whole) {
    host.run(context -> {
      try (Blob blob = context.storage().open(partition, name.toArray())) {
        blob.resize(0);
        blob.write(0, whole.buffer());
        blob.sync();
      }
      return true;
    });
  }

  static Bytes flipped(Bytes whole, int at) {
    byte[] bytes = whole.toArray();
    bytes[at] ^= (byte) (1 << (at % Byte.SIZE));
    return Bytes.wrap(bytes);
  }
}
