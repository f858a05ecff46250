package dev.tenon.runtime.jvm;

import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Histogram;
import dev.tenon.runtime.metrics.Metrics;

/// The series of one kind of actor. The kind is the outermost class of its code: a small closed set.
///
/// @param handleSeconds time of one handler
/// @param rejected messages that a full lane refused or dropped
/// @param failed actors whose handler threw
record ActorMetrics(Histogram handleSeconds, Counter rejected, Counter failed) {
  private static final double[] BOUNDS = {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 5e-2, 0.25, 1};

  static ActorMetrics of(Metrics metrics, String kind) {
    return new ActorMetrics(
        metrics.histogram("tenon_actor_handle_seconds", "Time of one handler, by kind of actor.", BOUNDS, "actor",
            kind),
        metrics.counter("tenon_actor_rejected_total", "Messages that a full lane did not keep.", "actor", kind),
        metrics.counter("tenon_actor_failed_total", "Actors ended by a handler that threw.", "actor", kind));
  }

  /// @return the simple name of the outermost class
  static String kind(Class<?> code) {
    String name = code.getName().substring(code.getName().lastIndexOf('.') + 1);
    int inner = name.indexOf('$');
    return inner > 0 ? name.substring(0, inner) : name;
  }
}
