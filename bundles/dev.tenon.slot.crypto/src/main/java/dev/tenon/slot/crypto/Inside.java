package dev.tenon.slot.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.SlotPort;

/// One provider's instance in one generation, with the keys in that generation's hands.
final class Inside {
  private final SlotPort port;
  private final SchemeProvider provider;
  private final long generation;
  /// From the record on: before it no key signs through here.
  private volatile boolean leases;

  Inside(SlotPort port, SchemeProvider provider, long generation) {
    this.port = port;
    this.provider = provider;
    this.generation = generation;
  }

  SchemeProvider provider() {
    return provider;
  }

  /// The record is written: this generation may sign, and takes the lease with the first signature or, for keys that
  /// are registered by now, at once.
  void commit() {
    leases = true;
  }

  /// A key for the provider: it signs only in this generation's time.
  SignerHandle leased(SignerHandle key) {
    return new Lease(key);
  }

  /// Takes the lease on an epoch's key, so that no lower generation signs with it any more.
  void take(Epoch epoch) {
    SignerHandle key = epoch.signer();
    if (key != null) {
      key.lease(port.name().toString(), generation);
    }
  }

  private final class Lease implements SignerHandle {
    private final SignerHandle key;

    Lease(SignerHandle key) {
      this.key = key;
    }

    @Override
    public PublicKey publicKey() {
      return key.publicKey();
    }

    @Override
    public Completion<Signature> sign(Bytes namespace, Bytes message) {
      if (!leases) {
        return refused("generation " + generation + " of slot " + port.name() + " is not committed");
      }
      try {
        return key.lease(port.name().toString(), generation).sign(namespace, message);
      } catch (FencedException superseded) {
        return refused(String.valueOf(superseded.getMessage()));
      }
    }

    private Completion<Signature> refused(String why) {
      Promise<Signature> refusal = port.promise();
      refusal.failed(new FencedException(why));
      return refusal.completion();
    }

    @Override
    public SignerHandle lease(String slot, long other) {
      throw new FencedException("the lease of slot " + port.name() + " is not handed on");
    }
  }
}
