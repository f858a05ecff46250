package dev.tenon.testkit.vectors;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm.SigningKey;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;

/// A secret key out of a file, as a node's signer.
record ScenarioKey(Runtime runtime, SigningKey key) implements SignerHandle {
  @Override
  public PublicKey publicKey() {
    return key.publicKey();
  }

  @Override
  public Completion<Signature> sign(Bytes namespace, Bytes message) {
    return runtime.compute().submit(() -> key.sign(Framing.framed(namespace, message)));
  }
}
