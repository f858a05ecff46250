package dev.tenon.crypto.jvm;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Hasher;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/// BLAKE3, unkeyed, with 32 bytes of output.
@Component(name = "dev.tenon.crypto.jvm.blake3", property = Hasher.FUNCTION + "=blake3")
public final class Blake3 implements Hasher {
  /// Has no state.
  @Activate
  public Blake3() {}

  @Override
  public Digest hash(Bytes... parts) {
    var blake3 = new Blake3Digest(Digest.SIZE);
    for (Bytes part : parts) {
      byte[] bytes = part.toArray();
      blake3.update(bytes, 0, bytes.length);
    }
    byte[] hash = new byte[Digest.SIZE];
    blake3.doFinal(hash, 0);
    return new Digest(Bytes.wrap(hash));
  }
}
