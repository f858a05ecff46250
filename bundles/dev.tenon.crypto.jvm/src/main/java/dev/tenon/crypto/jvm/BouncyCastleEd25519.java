package dev.tenon.crypto.jvm;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.runtime.entropy.Entropy;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/// The same ed25519 as [Ed25519] on BouncyCastle's field arithmetic, which signs with BouncyCastle. Ranked below it:
/// who wants this one asks for it.
@Component(name = "dev.tenon.crypto.jvm.ed25519.bouncycastle", property = {SignatureAlgorithm.ALGORITHM + "=ed25519",
    "tenon.arithmetic=bouncycastle", "service.ranking:Integer=-10"})
public final class BouncyCastleEd25519 implements SignatureAlgorithm {
  private final Ed25519 ed25519 = new Ed25519(new BouncyCastleField(), new BouncyCastleSigning());

  /// Prepares the tables of the base point.
  @Activate
  public BouncyCastleEd25519() {}

  @Override
  public String name() {
    return ed25519.name();
  }

  @Override
  public int keySize() {
    return ed25519.keySize();
  }

  @Override
  public int signatureSize() {
    return ed25519.signatureSize();
  }

  @Override
  public boolean isKey(Bytes key) {
    return ed25519.isKey(key);
  }

  @Override
  public SigningKey signingKey(byte[] secret) {
    return ed25519.signingKey(secret);
  }

  @Override
  public boolean verify(PublicKey key, Bytes framed, Signature signature) {
    return ed25519.verify(key, framed, signature);
  }

  @Override
  public boolean verifyAll(List<Item> items, Entropy weights) {
    return ed25519.verifyAll(items, weights);
  }
}
