/// Ordered broadcast: chains of chunks, one a sequencer, certified by a quorum of validators.
///
/// The types are the wire's and the journal's. No message carries a version, a length or a namespace.
///
/// Stability: *experimental*; the bytes are the reference's and do not change.
/// Source: commonware v2026.5.0, consensus/src/ordered_broadcast/types.rs.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.broadcast;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
