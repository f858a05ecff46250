package dev.tenon.crypto;

import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.runtime.Completion;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/// Verifies signatures beside the handlers: a service of each node. Any actor; nothing blocks.
///
/// Who asks while others wait shares a batch with them, which costs a fraction of single checks; nobody waits for a
/// batch to fill.
@ProviderType
public interface SignatureVerifier {
  /// Verifies some signatures that count only together, such as those of a certificate.
  ///
  /// @param items one or more, at most 65,536
  /// @return whether all are valid, by the algorithm's own rules; [dev.tenon.runtime.UnavailableException] where too
  ///     many wait already
  Completion<Boolean> verify(List<Item> items);

  /// Verifies some signatures of which each counts by itself, such as votes.
  ///
  /// @param items one or more, at most 65,536
  /// @return for each of them, in their order, whether it is valid; fails as [#verify] does
  Completion<boolean[]> verifyEach(List<Item> items);
}
