/// Words that all consensus protocols share, and the interfaces of the application beside them.
///
/// Stability: *experimental*; the bytes are the reference's and do not change.
/// Source: commonware v2026.5.0, consensus/src/types.rs, consensus/src/lib.rs.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.consensus;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
