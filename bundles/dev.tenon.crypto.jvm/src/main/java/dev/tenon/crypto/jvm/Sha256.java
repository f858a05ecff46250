package dev.tenon.crypto.jvm;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Hasher;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/// SHA-256 of the JDK.
@Component(name = "dev.tenon.crypto.jvm.sha256", property = Hasher.FUNCTION + "=sha256")
public final class Sha256 implements Hasher {
  /// Has no state.
  @Activate
  public Sha256() {}

  @Override
  public Digest hash(Bytes... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Bytes part : parts) {
        digest.update(part.buffer());
      }
      return new Digest(Bytes.wrap(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
