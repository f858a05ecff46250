/// The provider `segmented` of the role journal: a journal is a folder, a section a file in the byte format of the
/// reference's segmented variable journal.
///
/// From the bytes up: [PageRecord] (the two slots that end a page), [PagedBlob] (an append buffer of checksummed pages
/// over one file), [ItemScan] and [SectionScan] (what a crash left in one), [Section] (items with indexes),
/// [SegmentedStore] (the family: order of its changes, floors, marks), [SegmentedJournalProvider].
///
/// Source: commonware v2026.5.0, runtime/src/utils/buffer/paged and storage/src/journal/segmented/variable.rs
///
/// Stability of the files: *stable*.
@NullMarked
package dev.tenon.journal.segmented;

import org.jspecify.annotations.NullMarked;
