/// The provider `mapdb` of the role journal: a redo log of ours, with sorted tables of MapDB as its indexed view.
///
/// From the bytes up: [Frame] (one write of the log, with the proof of how far the log was durable before), [ActiveLog]
/// and [LogScan] (write it, read it), [LogRecord] (what it says), [Catalog] (journals and where their items lie),
/// [BlobVolume] (a run's bytes for MapDB, each block checked), [RunBuilder] and [RunReader] (a run: one immutable
/// sorted table), [Runs], [Base] and [Mark] (what an open begins with), [Contents] (all of it in memory), [Checkpoint]
/// (log into run), [Recovery], [MapdbStore].
///
/// Only what is synced in the log is acknowledged; a run is made from it, checked, and may be thrown away until the
/// next one is durable.
///
/// Stability of the files: *experimental*.
@NullMarked
package dev.tenon.storage.mapdb;

import org.jspecify.annotations.NullMarked;
