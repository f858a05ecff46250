package dev.tenon.broadcast;

import dev.tenon.crypto.PublicKey;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/// What one engine knows, for those who look: a service of each engine. From memory; any thread.
@ProviderType
public interface BroadcastStatus {
  /// The engine's state at this moment.
  ///
  /// @return immutable
  View view();

  /// A moment of an engine.
  ///
  /// @param node where it runs
  /// @param engine its name on that node
  /// @param self its peer key
  /// @param epoch unsigned
  /// @param paused why it waits, in one phrase; empty while it works
  /// @param certified own chunks for which this engine has held a certificate since it started
  /// @param tips by sequencer, ascending
  record View(String node, String engine, PublicKey self, long epoch, String paused, long certified, List<Tip> tips) {
    /// Copies the list.
    public View {
      tips = List.copyOf(tips);
    }
  }

  /// A chain's end as the engine sees it.
  ///
  /// @param sequencer whose chain
  /// @param height of the highest accepted node, unsigned
  /// @param certifiedHeight the highest height with a known certificate, unsigned; -1 for none
  record Tip(PublicKey sequencer, long height, long certifiedHeight) {}
}
