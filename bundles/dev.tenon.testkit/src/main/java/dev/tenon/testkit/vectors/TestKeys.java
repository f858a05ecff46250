package dev.tenon.testkit.vectors;

import dev.tenon.codec.Bytes;

/// Makes the keys and signatures of generated values. Any thread.
interface TestKeys {
  /// @param secret an RFC 8032 seed
  /// @return its public key
  Bytes publicKey(Bytes secret);

  /// @param secret an RFC 8032 seed
  /// @param message what is signed, framed
  /// @return 64 bytes
  Bytes sign(Bytes secret, Bytes message);
}
