package dev.tenon.testkit.vectors;

import dev.tenon.crypto.Hasher;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.Runtime;
import java.util.function.Function;

/// The services of a node that vectors check. Whoever runs them hands in those that nodes use.
///
/// @param ed25519 signs and verifies
/// @param sha256 hashes
/// @param blake3 hashes
/// @param schemes makes the certificate scheme of ed25519 for a node; called once a node
/// @param journals whose files are those of the reference
public record VectorServices(SignatureAlgorithm ed25519, Hasher sha256, Hasher blake3,
    Function<Runtime, SchemeProvider> schemes, ReferenceFiles journals) {}
