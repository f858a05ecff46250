/// Slots: places in a running node where a role is filled, and the handover that exchanges what fills them.
///
/// This package knows no role. Facades and strategies of a role's family live in `slot.*` bundles.
///
/// Stability: *experimental*.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.slot;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
