package dev.tenon.testkit.vectors;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm.SigningKey;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.SignerLeases;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;

/// A secret key out of a file, as a node's signer.
record ScenarioKey(Runtime runtime, SigningKey key, SignerLeases leases) implements SignerHandle {
  ScenarioKey(Runtime runtime, SigningKey key) {
    this(runtime, key, new SignerLeases());
  }

  @Override
  public PublicKey publicKey() {
    return key.publicKey();
  }

  @Override
  public Completion<Signature> sign(Bytes namespace, Bytes message) {
    return runtime.compute().submit(() -> key.sign(Framing.framed(namespace, message)));
  }

  @Override
  public SignerHandle lease(String slot, long generation) {
    return leases.lease(runtime, this, slot, generation);
  }
}
