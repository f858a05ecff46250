/// What a bundle shows of itself to an operator: words for the status line, and tables for commands.
///
/// Bundles register a [StatusSource] or a [StatusTable]; the bundle that talks to operators finds them. So a command
/// comes and goes with the bundle that knows the answer.
///
/// Stability: *experimental*.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.runtime.status;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
