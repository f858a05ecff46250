package dev.tenon.crypto.jvm;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.runtime.entropy.Entropy;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/// Offers ed25519: accepting by ZIP-215 and signing by RFC 8032, both on field arithmetic of our own.
@Component(name = "dev.tenon.crypto.jvm.ed25519",
    property = {SignatureAlgorithm.ALGORITHM + "=ed25519", "tenon.arithmetic=own"})
public final class Ed25519 implements SignatureAlgorithm {
  private static final int SIZE = 32;

  private final Zip215<?> rules;
  private final Signing signing;

  /// Prepares the multiples of the base point that accepting needs. Those for signing are made with the first key.
  @Activate
  public Ed25519() {
    this(new Limbs51(), new BaseTableSigning());
  }

  Ed25519(Field<?> field, Signing signing) {
    this.rules = new Zip215<>(field);
    this.signing = signing;
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
    return new Key(signing, secret.clone());
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

  /// A seed with its public key, which would else be computed anew for each signature.
  private static final class Key implements SigningKey {
    private final Signing signing;
    private final byte[] seed;
    private final byte[] encoded;
    private final PublicKey publicKey;

    Key(Signing signing, byte[] seed) {
      this.signing = signing;
      this.seed = seed;
      this.encoded = signing.publicKey(seed);
      this.publicKey = new PublicKey(Bytes.of(encoded));
    }

    @Override
    public PublicKey publicKey() {
      return publicKey;
    }

    @Override
    public Signature sign(Bytes framed) {
      return new Signature(Bytes.wrap(signing.sign(seed, encoded, framed)));
    }
  }
}
