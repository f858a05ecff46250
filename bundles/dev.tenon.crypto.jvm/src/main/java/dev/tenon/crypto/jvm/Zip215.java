package dev.tenon.crypto.jvm;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.crypto.jvm.EdwardsPoint.Prepared;
import dev.tenon.runtime.entropy.Entropy;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Accepts ed25519 signatures by the rules of ZIP-215, one by one and in batches, so that both always agree:
/// A and R may be any encodings that decompress; s must be below ℓ; `[8]([s]B - R - [k]A)` must be the neutral element,
/// with k = SHA-512(R ‖ A ‖ message) over the bytes as received.
///
/// Source: ZIP-215; commonware v2026.5.0, cryptography/src/ed25519/scheme.rs.
///
/// @param <E> elements of the arithmetic
final class Zip215<E> {
  private static final int SIGNATURE_SIZE = 64;
  private static final int WEIGHT_SIZE = 16;
  private static final int KEY_MULTIPLES = 8;
  private static final int POINT_MULTIPLES = 4;
  private static final int BASE_MULTIPLES = 64;
  /// Prepared keys that are kept: about 2 KiB each.
  private static final int KEYS_MAX = 1_024;

  private final EdwardsCurve<E> curve;
  private final List<Prepared<E>> base;
  private final Map<Bytes, List<Prepared<E>>> keys = new ConcurrentHashMap<>();

  Zip215(Field<E> field) {
    this.curve = EdwardsCurve.over(field);
    this.base = EdwardsPoint.base(curve).oddMultiples(BASE_MULTIPLES);
  }

  boolean isKey(Bytes key) {
    return negated(key) != null;
  }

  boolean verify(PublicKey key, Bytes framed, Signature signature) {
    if (signature.bytes().size() != SIGNATURE_SIZE) {
      return false;
    }
    byte[] encoded = signature.bytes().toArray();
    byte[] s = Arrays.copyOfRange(encoded, 32, 64);
    @Nullable List<Prepared<E>> minusA = negated(key.bytes());
    EdwardsPoint<E> r = EdwardsPoint.decompress(curve, encoded);
    if (minusA == null || r == null || !Scalar.isCanonical(s)) {
      return false;
    }
    var terms = new Terms<>(curve);
    terms.add(base, Scalar.read(s));
    terms.add(minusA, challenge(encoded, key, framed));
    EdwardsPoint<E> sum = terms.sum();
    sum.add(r.prepared(), true);
    return sum.vanishesTimesEight();
  }

  /// Checks `[8](Σ zᵢ([sᵢ]B - Rᵢ - [kᵢ]Aᵢ)) = 0` with random 128-bit zᵢ; the terms of equal keys are merged.
  boolean verifyAll(List<Item> items, Entropy entropy) {
    byte[] weights = new byte[items.size() * WEIGHT_SIZE];
    entropy.fill(weights);
    var terms = new Terms<>(curve);
    BigInteger ofBase = BigInteger.ZERO;
    Map<PublicKey, BigInteger> ofKeys = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      if (item.signature().bytes().size() != SIGNATURE_SIZE) {
        return false;
      }
      byte[] encoded = item.signature().bytes().toArray();
      byte[] s = Arrays.copyOfRange(encoded, 32, 64);
      EdwardsPoint<E> r = EdwardsPoint.decompress(curve, encoded);
      if (r == null || !Scalar.isCanonical(s)) {
        return false;
      }
      BigInteger weight = Scalar.read(Arrays.copyOfRange(weights, i * WEIGHT_SIZE, (i + 1) * WEIGHT_SIZE));
      r.negate();
      terms.add(r.oddMultiples(POINT_MULTIPLES), weight);
      ofBase = ofBase.add(weight.multiply(Scalar.read(s)));
      ofKeys.merge(item.key(), weight.multiply(challenge(encoded, item.key(), item.framed())), BigInteger::add);
    }
    for (var entry : ofKeys.entrySet()) {
      @Nullable List<Prepared<E>> minusA = negated(entry.getKey().bytes());
      if (minusA == null) {
        return false;
      }
      terms.add(minusA, Scalar.reduce(entry.getValue()));
    }
    terms.add(base, Scalar.reduce(ofBase));
    return terms.sum().vanishesTimesEight();
  }

  private @Nullable List<Prepared<E>> negated(Bytes key) {
    if (key.size() != 32) {
      return null;
    }
    @Nullable List<Prepared<E>> known = keys.get(key);
    if (known != null) {
      return known;
    }
    EdwardsPoint<E> point = EdwardsPoint.decompress(curve, key.toArray());
    if (point == null) {
      return null;
    }
    point.negate();
    List<Prepared<E>> prepared = point.oddMultiples(KEY_MULTIPLES);
    if (keys.size() >= KEYS_MAX) {
      keys.clear(); // strangers' keys came by; the epoch's few are back at their next use
    }
    keys.put(key, prepared);
    return prepared;
  }

  private static BigInteger challenge(byte[] signature, PublicKey key, Bytes framed) {
    MessageDigest sha512;
    try {
      sha512 = MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-512", e);
    }
    sha512.update(signature, 0, 32);
    sha512.update(key.bytes().buffer());
    sha512.update(framed.buffer());
    return Scalar.reduce(Scalar.read(sha512.digest()));
  }
}
