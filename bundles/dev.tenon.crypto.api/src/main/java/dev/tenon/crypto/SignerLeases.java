package dev.tenon.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.storage.FencedException;
import java.util.concurrent.ConcurrentSkipListMap;

/// Who has the lease on one key, slot by slot: for signers. The same for all handles on the key.
///
/// Kept in memory only, for as long as the process lives: whoever asks for a lease has its generation from the slot's
/// record, which a start reads again and which never goes back, so no lower one asks after a restart. Where an old
/// record was put back by hand, no older process holds a handle either.
public final class SignerLeases {
  private final ConcurrentSkipListMap<String, Long> highest = new ConcurrentSkipListMap<>();

  /// Nobody has it.
  public SignerLeases() {}

  /// See [SignerHandle#lease].
  ///
  /// @param runtime of the signer's node
  /// @param key signs
  /// @param slot the full name
  /// @param generation above 0
  /// @return asks the key while no higher generation has the lease
  public SignerHandle lease(Runtime runtime, SignerHandle key, String slot, long generation) {
    long seen = highest.merge(slot, generation, Math::max);
    if (seen > generation) {
      throw refused(slot, generation, seen);
    }
    return new Leased(runtime, this, key, slot, generation);
  }

  private static FencedException refused(String slot, long generation, long seen) {
    return new FencedException("generation " + generation + " of slot " + slot + " may not sign: " + seen
        + " has the lease");
  }

  private record Leased(Runtime runtime, SignerLeases leases, SignerHandle key, String slot, long generation)
      implements SignerHandle {
    @Override
    public PublicKey publicKey() {
      return key.publicKey();
    }

    @Override
    public Completion<Signature> sign(Bytes namespace, Bytes message) {
      Promise<Signature> promise = runtime.promise();
      if (isSuperseded()) {
        promise.failed(superseded());
        return promise.completion();
      }
      Completion<Signature> owed = key.sign(namespace, message);
      promise.onCancel(owed::cancel);
      // Looked at again: the lease may have moved while it was signed, and then the signature stays here.
      owed.onEnd(outcome -> promise.end(isSuperseded() ? new Outcome.Failed<>(superseded()) : outcome));
      return promise.completion();
    }

    private boolean isSuperseded() { return seen() > generation; }

    private FencedException superseded() {
      return refused(slot, generation, seen());
    }

    private long seen() {
      return leases.highest.getOrDefault(slot, 0L);
    }

    @Override
    public SignerHandle lease(String other, long next) {
      return key.lease(other, next);
    }
  }
}
