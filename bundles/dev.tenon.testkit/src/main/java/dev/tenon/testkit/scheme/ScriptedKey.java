package dev.tenon.testkit.scheme;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm.SigningKey;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.storage.FencedException;

/// A key as a slot hands it to a provider: it signs in its generation's time only.
final class ScriptedKey implements SignerHandle {
  private final Runtime runtime;
  private final SigningKey key;
  private boolean ended;

  ScriptedKey(Runtime runtime, SigningKey key) {
    this.runtime = runtime;
    this.key = key;
  }

  /// The generation ends: this is all that a provider hears of it.
  void end() {
    ended = true;
  }

  @Override
  public PublicKey publicKey() {
    return key.publicKey();
  }

  @Override
  public Completion<Signature> sign(Bytes namespace, Bytes message) {
    if (ended) {
      Promise<Signature> promise = runtime.promise();
      promise.failed(new FencedException("the generation has ended"));
      return promise.completion();
    }
    return runtime.compute().submit(() -> key.sign(Framing.framed(namespace, message)));
  }

  @Override
  public SignerHandle lease(String slot, long generation) {
    throw new FencedException("the lease is not handed on");
  }
}
