/// A queued role for tests whose providers keep everything in a journal slot beneath.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.itests.ledger;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
