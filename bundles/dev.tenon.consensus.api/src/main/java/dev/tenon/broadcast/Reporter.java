package dev.tenon.broadcast;

import org.osgi.annotation.versioning.ConsumerType;

/// Hears what the engine achieved. Called in the engine's turn; must not block. Repeats after a restart. Where it
/// throws, that activity is lost to it, and to no other reporter.
@ConsumerType
public interface Reporter {
  /// Tells one activity.
  ///
  /// @param activity an accepted tip, or a certificate
  void report(Activity activity);
}
