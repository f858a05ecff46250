/// The contract of the role journal as tests: extend [JournalContract] and [JournalFaultContract].
///
/// Stability: *experimental*.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.testkit.journal;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
