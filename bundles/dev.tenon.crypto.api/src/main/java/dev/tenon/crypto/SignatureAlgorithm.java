package dev.tenon.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.entropy.Entropy;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/// Pure functions of one signature algorithm. Any thread; more than 100 µs a call, so handlers run them on `Compute`.
@ProviderType
public interface SignatureAlgorithm {
  /// The service property that names the algorithm, such as `ed25519`.
  String ALGORITHM = "tenon.algorithm";

  /// The name of the algorithm.
  ///
  /// @return such as `ed25519`
  String name();

  /// The size of a public key.
  ///
  /// @return in bytes
  int keySize();

  /// The size of a signature.
  ///
  /// @return in bytes
  int signatureSize();

  /// Whether bytes are a public key by the decoding rules of the reference.
  ///
  /// @param key any bytes
  /// @return false for a wrong size or where no point has that encoding
  boolean isKey(Bytes key);

  /// Prepares a secret key for signing.
  ///
  /// @param secret 32 bytes; for ed25519 the RFC 8032 seed. Copied
  /// @return signs with it
  SigningKey signingKey(byte[] secret);

  /// Verifies one signature.
  ///
  /// @param key any bytes
  /// @param framed from [Framing#framed]
  /// @param signature any bytes
  /// @return false also for a key or signature that cannot be decoded
  boolean verify(PublicKey key, Bytes framed, Signature signature);

  /// Verifies several signatures at once. Always agrees with [#verify] on each, but for a chance of 2^-120.
  ///
  /// @param items any number; none is true
  /// @param weights unpredictable for whoever made the signatures
  /// @return whether all are valid
  boolean verifyAll(List<Item> items, Entropy weights);

  /// A secret key with its public one. Any thread.
  interface SigningKey {
    /// The key that verifies.
    ///
    /// @return the public key
    PublicKey publicKey();

    /// Signs, deterministically.
    ///
    /// @param framed from [Framing#framed]
    /// @return the signature
    Signature sign(Bytes framed);
  }

  /// One signature of a batch.
  ///
  /// @param key any bytes
  /// @param framed from [Framing#framed]
  /// @param signature any bytes
  record Item(PublicKey key, Bytes framed, Signature signature) {}
}
