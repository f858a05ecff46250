/// What all swappable roles share: the kinds of their operations, and what a provider gets and tells when it opens.
///
/// It stands here, beneath every contract and beside none, because contracts of roles may not know the handover.
///
/// Stability: *experimental*.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.runtime.role;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
