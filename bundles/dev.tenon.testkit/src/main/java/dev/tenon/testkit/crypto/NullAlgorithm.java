package dev.tenon.testkit.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Writer;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.runtime.entropy.Entropy;
import java.util.List;

/// A signature algorithm with the sizes of ed25519 and no security: a hash keyed by the public key stands in place of
/// each signature. Changed, swapped and made-up signatures fail as real ones do, in less than a microsecond.
public final class NullAlgorithm implements SignatureAlgorithm {
  private static final int KEY_SIZE = 32;
  private static final int SIGNATURE_SIZE = 64;
  private static final long ODD = 0x9e37_79b9_7f4a_7c15L;

  /// Has no state.
  public NullAlgorithm() {}

  @Override
  public String name() {
    return "null";
  }

  @Override
  public int keySize() {
    return KEY_SIZE;
  }

  @Override
  public int signatureSize() {
    return SIGNATURE_SIZE;
  }

  @Override
  public boolean isKey(Bytes key) {
    return key.size() == KEY_SIZE;
  }

  @Override
  public SigningKey signingKey(byte[] secret) {
    var key = new PublicKey(hash(0, Bytes.of(secret), Bytes.EMPTY, KEY_SIZE));
    return new SigningKey() {
      @Override
      public PublicKey publicKey() {
        return key;
      }

      @Override
      public Signature sign(Bytes framed) {
        return signature(key, framed);
      }
    };
  }

  @Override
  public boolean verify(PublicKey key, Bytes framed, Signature signature) {
    return isKey(key.bytes()) && signature(key, framed).equals(signature);
  }

  @Override
  public boolean verifyAll(List<Item> items, Entropy weights) {
    return items.stream().allMatch(item -> verify(item.key(), item.framed(), item.signature()));
  }

  private static Signature signature(PublicKey key, Bytes framed) {
    return new Signature(hash(1, key.bytes(), framed, SIGNATURE_SIZE));
  }

  private static Bytes hash(long seed, Bytes first, Bytes second, int size) {
    long state = mix(mix(seed, first), second);
    var writer = new Writer(size);
    while (writer.position() < size) {
      state = mix(state + ODD);
      writer.u64(state);
    }
    return writer.finish();
  }

  private static long mix(long seed, Bytes bytes) {
    long state = mix(seed + bytes.size());
    for (int i = 0; i < bytes.size(); i++) {
      state = (state ^ bytes.get(i)) * ODD;
      state ^= state >>> 29;
    }
    return mix(state);
  }

  private static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
    return mixed ^ mixed >>> 31;
  }
}
