package dev.tenon.storage.mapdb;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// How journals are kept. All of it may change under existing data.
@ObjectClassDefinition(name = "MapDB journal",
    description = "Journals in a redo log with sorted tables of MapDB behind it")
public @interface MapdbJournalConfig {
  /// @return how long the log grows before a checkpoint
  @AttributeDefinition(description = "Bytes of the log between two checkpoints; at most a sixteenth of the slot's byte"
      + " budget is used", min = "256", max = "134217728")
  int logBytes() default 8_388_608;

  /// @return bytes gathered before a write
  @AttributeDefinition(description = "Bytes gathered in the log before a write", min = "64", max = "16777216")
  int writeBufferBytes() default 262_144;

  /// @return the largest item
  @AttributeDefinition(description = "Bytes of the largest item", min = "1", max = "67108864")
  int itemBytesMax() default 4_194_304;

  /// @return bytes of a page in new tables
  @AttributeDefinition(description = "Bytes of a page in new tables, a power of two", min = "512", max = "1048576")
  int pageBytes() default 65_536;

  /// @return how many tables one opened family keeps open
  @AttributeDefinition(description = "Tables open at once, for each slot", min = "2", max = "4096")
  int openRunsMax() default 32;
}
