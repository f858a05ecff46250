package dev.tenon.broadcast;

import dev.tenon.crypto.Digest;
import dev.tenon.runtime.Promise;
import org.osgi.annotation.versioning.ConsumerType;

/// The application: makes payloads and judges those of others. Called in the engine's turn; must not block. A call that
/// throws is taken as failed, whatever it answered.
@ConsumerType
public interface Automaton {
  /// Asks for the next payload of one's own chain. At most one question is open.
  ///
  /// @param context whose chain, and which height
  /// @param answer done with the digest: from then on [#verify] of the same must be true; failed for "nothing": the
  ///     engine asks again after a pause
  void propose(Context context, Promise<Digest> answer);

  /// Asks for a verdict on a chunk. The same may be asked again. There is no time limit, but an answer that is long in
  /// coming may be asked for anew; the former question is cancelled then, and each next one is left twice the time.
  ///
  /// @param context whose chain, and which height
  /// @param payload what the chunk names
  /// @param answer true: valid; false: never valid; failed: no verdict
  void verify(Context context, Digest payload, Promise<Boolean> answer);
}
