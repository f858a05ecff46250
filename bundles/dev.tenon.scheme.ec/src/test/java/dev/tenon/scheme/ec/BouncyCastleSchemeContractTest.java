package dev.tenon.scheme.ec;

import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.crypto.jvm.BouncyCastleEd25519;
import dev.tenon.crypto.jvm.Ed25519;
import dev.tenon.runtime.Runtime;
import dev.tenon.testkit.scheme.SchemeContract;
import java.util.List;

class BouncyCastleSchemeContractTest extends SchemeContract {
  private final SignatureAlgorithm arithmetic = new BouncyCastleEd25519();

  @Override
  protected SchemeFactory provider(Runtime runtime) {
    return Providers.of("bouncycastle", runtime, arithmetic);
  }

  @Override
  protected SchemeFactory other(Runtime runtime) {
    return Providers.of("local", runtime, new Ed25519());
  }

  @Override
  protected SignatureAlgorithm algorithm() {
    return arithmetic;
  }

  @Override
  protected void together(List<Runnable> tasks) {
    Providers.together(tasks);
  }
}
