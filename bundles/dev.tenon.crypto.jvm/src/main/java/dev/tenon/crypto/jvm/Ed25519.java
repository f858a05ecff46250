package dev.tenon.crypto.jvm;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.runtime.entropy.Entropy;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/// Offers ed25519: accepting by ZIP-215 on field arithmetic of our own; signing by RFC 8032 with BouncyCastle.
@Component(name = "dev.tenon.crypto.jvm.ed25519",
    property = {SignatureAlgorithm.ALGORITHM + "=ed25519", "tenon.arithmetic=own"})
public final class Ed25519 implements SignatureAlgorithm {
  private static final int SIZE = 32;

  private final Zip215<?> rules;

  /// Prepares the tables of the base point.
  @Activate
  public Ed25519() {
    this(new Limbs51());
  }

  Ed25519(Field<?> field) {
    this.rules = new Zip215<>(field);
  }

  @Override
  public String name() {
    return "ed25519";
  }

  @Override
  public int keySize() {
    return SIZE;
  }

  @Override
  public int signatureSize() {
    return 2 * SIZE;
  }

  @Override
  public boolean isKey(Bytes key) {
    return rules.isKey(key);
  }

  @Override
  public SigningKey signingKey(byte[] secret) {
    if (secret.length != SIZE) {
      throw new IllegalArgumentException("an ed25519 seed has 32 bytes, not " + secret.length);
    }
    return new Key(secret.clone());
  }

  @Override
  public boolean verify(PublicKey key, Bytes framed, Signature signature) {
    return rules.verify(key, framed, signature);
  }

  @Override
  public boolean verifyAll(List<Item> items, Entropy weights) {
    return switch (items.size()) {
      case 0 -> true;
      case 1 -> rules.verify(items.getFirst().key(), items.getFirst().framed(), items.getFirst().signature());
      default -> rules.verifyAll(items, weights);
    };
  }

  /// A seed with its public key, which BouncyCastle would else compute anew for each signature.
  private static final class Key implements SigningKey {
    private final byte[] seed;
    private final byte[] encoded = new byte[SIZE];
    private final PublicKey publicKey;

    Key(byte[] seed) {
      this.seed = seed;
      org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed, 0, encoded, 0);
      this.publicKey = new PublicKey(Bytes.of(encoded));
    }

    @Override
    public PublicKey publicKey() {
      return publicKey;
    }

    @Override
    public Signature sign(Bytes framed) {
      byte[] message = framed.toArray();
      byte[] signature = new byte[2 * SIZE];
      org.bouncycastle.math.ec.rfc8032.Ed25519.sign(seed, 0, encoded, 0, message, 0, message.length, signature, 0);
      return new Signature(Bytes.wrap(signature));
    }
  }
}
