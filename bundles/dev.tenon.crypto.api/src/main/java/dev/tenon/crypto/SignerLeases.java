package dev.tenon.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.storage.FencedException;
import java.util.concurrent.ConcurrentSkipListMap;

/// Who has the lease on one key, slot by slot: for signers. The same for all handles on the key.
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
      Long seen = leases.highest.get(slot);
      if (seen != null && seen > generation) {
        Promise<Signature> refusal = runtime.promise();
        refusal.failed(refused(slot, generation, seen));
        return refusal.completion();
      }
      return key.sign(namespace, message);
    }

    @Override
    public SignerHandle lease(String other, long next) {
      return key.lease(other, next);
    }
  }
}
