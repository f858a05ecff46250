package dev.tenon.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// How long the disk takes to force 4 KiB: the floor under every acknowledgement.
final class FlushBench implements Bench {
  private static final int WARM_UP = 16;
  private static final int BLOCK_BYTES = 4096;
  private static final int BLOCKS = 256;
  private final Path folder;
  private final int rounds;

  FlushBench(Path folder, int rounds) {
    this.folder = folder;
    this.rounds = rounds;
  }

  @Override
  public String name() {
    return "flush";
  }

  @Override
  public String help() {
    return "writes 4 KiB and forces it, again and again, in the folder for data; milliseconds";
  }

  @Override
  public void run(Results results) throws IOException {
    double[] sorted = measure();
    results.add("force_p50", sorted[sorted.length / 2], "ms");
    results.add("force_p99", sorted[sorted.length * 99 / 100], "ms");
    results.add("force_max", sorted[sorted.length - 1], "ms");
  }

  /// @return the milliseconds of each force, ascending
  double[] measure() throws IOException {
    Path file = Files.createTempFile(folder, "tenon-flush-", ".tmp");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
      // Preallocated, as the node's record file is: a force then carries no growth of the file.
      for (int i = 0; i < BLOCKS; i++) channel.write(block.clear(), (long) i * BLOCK_BYTES);
      channel.force(true);
      double[] millis = new double[rounds];
      for (int i = -WARM_UP; i < rounds; i++) {
        long start = System.nanoTime();
        channel.write(block.clear(), (long) Math.floorMod(i, BLOCKS) * BLOCK_BYTES);
        channel.force(false);
        if (i >= 0) millis[i] = (System.nanoTime() - start) / 1e6;
      }
      Arrays.sort(millis);
      return millis;
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
