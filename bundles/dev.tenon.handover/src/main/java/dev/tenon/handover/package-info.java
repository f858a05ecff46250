/// Conductor, slots, record store and the thin adapter to OSGi. Knows no role and no provider.
@NullMarked
package dev.tenon.handover;

import org.jspecify.annotations.NullMarked;
