package dev.tenon.journal.segmented;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.Clock;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import java.util.function.Consumer;
import java.util.function.Function;

/// A simulated disk on which tests run blocking code.
final class Disk implements AutoCloseable {
  static final String LOCATION = "v0/journal/test/1";

  private final Simulation simulation;
  private final SimNode node;

  Disk(long seed) {
    simulation = Simulation.seeded(seed);
    node = simulation.node("v0", booted -> {});
  }

  SimNode node() {
    return node;
  }

  <T> T call(Function<Storage, T> body) {
    return simulation.blocking(node, () -> body.apply(node.runtime().volume().scope(LOCATION)));
  }

  void run(Consumer<Storage> body) {
    call(storage -> {
      body.accept(storage);
      return true;
    });
  }

  <T> T withStore(StoreConfig config, Function<dev.tenon.journal.JournalInstance, T> body) {
    return call(storage -> {
      var instance = new SegmentedJournalProvider(config).open(context(storage));
      instance.activate();
      try {
        return body.apply(instance);
      } finally {
        instance.close();
      }
    });
  }

  OpenContext context(Storage storage) {
    return new OpenContext("v0/journal/test", LOCATION, 1, storage, STILL, node.metrics(), 64 << 20);
  }

  void put(String partition, byte[] name, Bytes whole) {
    run(storage -> {
      try (Blob blob = storage.open(partition, name)) {
        blob.resize(0);
        blob.write(0, whole.buffer());
        blob.sync();
      }
    });
  }

  Bytes file(String partition, byte[] name) {
    return node.disk().bytes(LOCATION, partition, name);
  }

  /// A clock that stands still.
  static final Clock STILL = new Clock() {
    @Override
    public long monotonicNs() {
      return 0;
    }

    @Override
    public long wallMs() {
      return 0;
    }
  };

  @Override
  public void close() {
    simulation.close();
  }
}
