/// Counters, gauges and histograms whose series outlive the bundle that made them, until they are removed. Those that a
/// provider's instance makes are removed by its slot.
///
/// Stability: *experimental*.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.runtime.metrics;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
