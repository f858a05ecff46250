package dev.tenon.testkit.vectors;

import dev.tenon.codec.Bytes;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// RFC 8032 by BouncyCastle, and so independent of what is tested.
///
/// Five types of a conformance file start with the same key for the same seed: public keys are remembered.
final class Ed25519Keys implements TestKeys {
  private static final int REMEMBERED_MAX = 1 << 16;

  private final ConcurrentHashMap<Bytes, Bytes> publicKeys = new ConcurrentHashMap<>();

  @Override
  public Bytes publicKey(Bytes secret) {
    Bytes known = publicKeys.get(secret);
    if (known != null) {
      return known;
    }
    var key = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(secret.toArray(), 0, key, 0);
    Bytes made = Bytes.wrap(key);
    if (publicKeys.size() < REMEMBERED_MAX) {
      publicKeys.put(secret, made);
    }
    return made;
  }

  @Override
  public Bytes sign(Bytes secret, Bytes message) {
    var signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(secret.toArray(), 0, message.toArray(), 0, message.size(), signature, 0);
    return Bytes.wrap(signature);
  }
}
