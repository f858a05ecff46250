package dev.tenon.consensus;

import dev.tenon.crypto.certificate.Participants;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/// Knows who may sequence in which epoch. From memory; any thread.
@ConsumerType
public interface SequencersProvider {
  /// The sequencers of an epoch.
  ///
  /// @param epoch any
  /// @return empty if the epoch is not known
  Optional<Participants> sequencers(Epoch epoch);
}
