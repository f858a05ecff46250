package dev.tenon.slot.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.SlotPort;
import java.util.concurrent.atomic.AtomicReference;

/// One provider's instance in one generation, with the keys in that generation's hands.
final class Inside {
  private final SlotPort port;
  private final SchemeProvider provider;
  private final long generation;
  private enum Time { STANDBY, COMMITTED, ENDED }

  /// Keys sign through here from the record on, until the end.
  private final AtomicReference<Time> time = new AtomicReference<>(Time.STANDBY);

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
    time.compareAndSet(Time.STANDBY, Time.COMMITTED);
  }

  /// This generation has ended, whether or not another one follows: what its provider kept signs no more.
  void end() {
    time.set(Time.ENDED);
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
      Promise<Signature> promise = port.promise();
      if (time.get() != Time.COMMITTED) {
        promise.failed(notOurs());
        return promise.completion();
      }
      try {
        Completion<Signature> owed = key.lease(port.name().toString(), generation).sign(namespace, message);
        promise.onCancel(owed::cancel);
        owed.onEnd(outcome -> promise.end(time.get() == Time.COMMITTED ? outcome : new Outcome.Failed<>(notOurs())));
      } catch (FencedException superseded) {
        promise.failed(new FencedException(String.valueOf(superseded.getMessage())));
      }
      return promise.completion();
    }

    private FencedException notOurs() {
      String is = time.get() == Time.ENDED ? "has ended" : "is not committed";
      return new FencedException("generation " + generation + " of slot " + port.name() + " " + is);
    }

    @Override
    public SignerHandle lease(String slot, long other) {
      throw new FencedException("the lease of slot " + port.name() + " is not handed on");
    }
  }
}
