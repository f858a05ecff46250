/// Certificates: proofs that a quorum of an epoch's participants attested one subject.
///
/// A [SchemeProvider] knows a [CertificateScheme] for each epoch that was registered. Methods that compute return
/// completions; they run on the node's `Compute`.
///
/// Stability: *experimental*; the bytes are the reference's and do not change.
/// Source: commonware v2026.5.0, cryptography/src/certificate.rs, cryptography/src/ed25519.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.crypto.certificate;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
