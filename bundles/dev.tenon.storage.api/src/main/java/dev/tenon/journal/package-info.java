/// Families of named, append-only journals of opaque items: the role `journal`.
///
/// An item's address is (journal, section, index), the same with every provider. Engines hold a [JournalStore];
/// bundles that keep one offer a [JournalProvider]; the handover stands between.
///
/// *Durable* means forced to the medium. *Acknowledged* means that the completion of [Journal#commit] was delivered as
/// done; an index that [Journal#append] returns is neither.
///
/// Engine side: no method blocks; a completion is delivered to the actor that asked, once, in order for each journal.
/// Bad arguments throw at once ([IllegalArgumentException]); outcomes are values.
///
/// Stability: *experimental*.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.journal;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
