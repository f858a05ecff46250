/// Metrics on the Prometheus client, whose classes this bundle embeds and nobody else sees.
@NullMarked
package dev.tenon.metrics.prometheus;

import org.jspecify.annotations.NullMarked;
