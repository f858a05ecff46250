/// Runs test vectors: files of known answers that any implementation of the formats must give.
///
/// [VectorRunner] walks folders and gives each file to the kind that recognises it. A kind is one small class that is
/// handed what it checks.
///
/// Stability: *experimental*.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.testkit.vectors;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
