/// Scoped, revocable storage. Blocking: called from strand tasks only.
///
/// On disk a blob is `<folder>/<partition>/<lower-case hex of name>`, and nothing is added to its bytes.
///
/// Stability: *experimental*; the rule for paths is *stable*.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.runtime.storage;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
