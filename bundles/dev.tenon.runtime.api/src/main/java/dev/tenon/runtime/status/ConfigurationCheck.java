package dev.tenon.runtime.status;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/// Judges a change of a bundle's configuration before an operator's command makes it: what only the running bundle
/// knows, beyond types and ranges. A bundle still has to bear what comes another way, such as from a file.
@ConsumerType
public interface ConfigurationCheck {
  /// Whose configuration it judges.
  ///
  /// @return a PID
  String pid();

  /// Judges one new value. Called from any thread; answers from memory.
  ///
  /// @param key its name
  /// @param value of its type, or text that is read as that type
  /// @return why it would not be taken, in one line; empty if it will be
  Optional<String> refusal(String key, Object value);
}
