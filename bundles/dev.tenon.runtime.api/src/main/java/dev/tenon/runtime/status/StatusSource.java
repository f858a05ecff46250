package dev.tenon.runtime.status;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/// A part of the node's status line. Called from any thread, about once a second; answers from memory.
@ConsumerType
public interface StatusSource {
  /// @return where this part stands: a smaller number further left
  int order();

  /// @return a few words in one line, such as `512 chunks/s`; empty when there is nothing to say
  String text();

  /// Sentences an operator reads once, such as an address or a time that was measured at the start.
  ///
  /// @return one line each, at most 16, in order; the list only grows
  default List<String> notices() {
    return List.of();
  }
}
