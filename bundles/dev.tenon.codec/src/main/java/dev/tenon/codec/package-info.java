/// Bytes to values and back, in the form the reference network uses, and the root of Tenon's exceptions.
///
/// A value is the concatenation of its fields, without tags or lengths unless its type says so. Every value has exactly
/// one valid encoding; readers refuse all others. A reader checks what remains before it allocates.
///
/// Stability: *experimental*; the bytes are the reference's and do not change.
/// Source: commonware v2026.5.0, codec/src.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.codec;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
