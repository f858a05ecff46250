package dev.tenon.crypto;

import dev.tenon.runtime.entropy.Entropy;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The weights of one batch, drawn before the computation: work on `Compute` may make no runtime calls. A seed of 256
/// unpredictable bits is expanded by SHA-256 in counter mode. For one computation; not thread-safe.
public final class BatchWeights implements Entropy {
  private static final int SEED_SIZE = 32;

  private final byte[] seed = new byte[SEED_SIZE];
  private final MessageDigest sha256;
  private byte[] block = new byte[0];
  private int used;
  private long counter;

  private BatchWeights(Entropy entropy) {
    entropy.fill(seed);
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Draws a seed.
  ///
  /// @param entropy the runtime's
  /// @return weights that depend on the seed only
  public static BatchWeights draw(Entropy entropy) {
    return new BatchWeights(entropy);
  }

  @Override
  public void fill(byte[] into) {
    for (int i = 0; i < into.length; i++) {
      if (used == block.length) {
        sha256.update(seed);
        block = sha256.digest(ByteBuffer.allocate(Long.BYTES).putLong(counter++).array());
        used = 0;
      }
      into[i] = block[used++];
    }
  }
}
