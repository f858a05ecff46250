package dev.tenon.runtime.entropy;

/// Unpredictable bytes in production; drawn from the seed in the simulator.
public interface Entropy {
  /// @param into every byte is overwritten
  void fill(byte[] into);
}
