package dev.tenon.crypto.jvm;

import dev.tenon.codec.Bytes;

/// Public keys and signatures by RFC 8032, Ed25519 without prehash or context. Any thread.
interface Signing {
  /// @param seed 32 bytes; not kept
  /// @return 32 bytes
  byte[] publicKey(byte[] seed);

  /// @param seed 32 bytes; not kept
  /// @param key what [#publicKey] gave for that seed: with any other one the signature would tell the secret
  /// @param message any bytes
  /// @return R and S, 64 bytes
  byte[] sign(byte[] seed, byte[] key, Bytes message);
}
