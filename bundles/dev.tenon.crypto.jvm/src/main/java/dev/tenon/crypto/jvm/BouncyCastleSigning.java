package dev.tenon.crypto.jvm;

import dev.tenon.codec.Bytes;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// Signs with BouncyCastle.
final class BouncyCastleSigning implements Signing {
  @Override
  public byte[] publicKey(byte[] seed) {
    byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, key, 0);
    return key;
  }

  @Override
  public byte[] sign(byte[] seed, byte[] key, Bytes message) {
    byte[] bytes = message.toArray();
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, key, 0, bytes, 0, bytes.length, signature, 0);
    return signature;
  }
}
