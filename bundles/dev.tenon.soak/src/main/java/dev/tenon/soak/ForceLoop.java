package dev.tenon.soak;

import dev.tenon.slot.SlotControl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// The bare force loop that pauses are measured against: one 4 KiB write in place and one force to a preallocated file
/// every 20 ms, on the volume of the node and under its load; none while a slot is between its fence and its resume.
@Component(name = "dev.tenon.soak.forces", service = ForceLoop.class, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ForceLoop.Config.class)
public final class ForceLoop {
  private static final int BLOCK_BYTES = 4_096;
  private static final int BLOCKS = 256;
  private static final long EVERY_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /// Where it writes.
  @ObjectClassDefinition(name = "Soak forces", description = "A bare force loop beside the node's load")
  public @interface Config {
    /// The file.
    ///
    /// @return a path on the node's volume
    @AttributeDefinition(description = "File of 1 MiB that is written in place")
    String file();
  }

  private final SlotControl slots;
  private final FileChannel file;
  private final Thread thread;
  private final Timings timings = new Timings();
  private volatile boolean stopped;

  /// Begins.
  ///
  /// @param config where
  /// @param slots tell when to pause
  /// @throws IOException if the file cannot be made
  @Activate
  public ForceLoop(Config config, @Reference(name = "slots") SlotControl slots) throws IOException {
    this.slots = slots;
    this.file = FileChannel.open(Path.of(config.file()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    file.write(ByteBuffer.allocate(BLOCK_BYTES * BLOCKS), 0);
    file.force(true);
    this.thread = Thread.ofPlatform().name("soak-forces").daemon().start(this::loop);
  }

  /// Ends.
  ///
  /// @throws IOException if the file cannot be closed
  @Deactivate
  public void stop() throws IOException {
    stopped = true;
    LockSupport.unpark(thread);
    file.close();
  }

  /// What forces took.
  Timings timings() {
    return timings;
  }

  private void loop() {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    long next = System.nanoTime();
    for (long i = 0; !stopped; i++) {
      next = Math.max(next + EVERY_NS, System.nanoTime());
      while (!stopped && System.nanoTime() < next) {
        LockSupport.parkNanos(this, next - System.nanoTime());
      }
      if (!slots.slots().stream().allMatch(slot -> slot.state().isServing())) {
        continue;
      }
      long start = System.nanoTime();
      try {
        file.write(block.clear(), i % BLOCKS * BLOCK_BYTES);
        file.force(false);
      } catch (IOException e) {
        if (stopped) {
          return;
        }
        throw new UncheckedIOException(e);
      }
      timings.add(System.nanoTime() - start);
    }
  }
}
