/// Digests, keys and signatures as values, and who computes with them.
///
/// Every signature, of every algorithm, is over `varint(length of namespace) ‖ namespace ‖ message`: see
/// [Framing#framed].
///
/// Stability: *experimental*; the bytes are the reference's and do not change.
/// Source: commonware v2026.5.0, cryptography/src.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.crypto;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
