package dev.tenon.journal.segmented;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// How journals are kept. `pageBytes` and whether `compressionLevel` is 0 belong to the format: they cannot change
/// under existing data.
@ObjectClassDefinition(name = "Segmented journal", description = "Journals kept as numbered blobs, one blob a section")
public @interface SegmentedJournalConfig {
  /// @return bytes of data in a page, between two checksums
  @AttributeDefinition(description = "Bytes of data in a page; part of the format", min = "8", max = "65535")
  int pageBytes() default 4_096;

  /// @return bytes gathered in a section before its full pages are written
  @AttributeDefinition(description = "Bytes gathered in a section before a write", min = "256", max = "16777216")
  int writeBufferBytes() default 65_536;

  /// @return zstd's level, 0 for none
  @AttributeDefinition(description = "zstd level of each item, 0 = off; on or off is part of the format", min = "0",
      max = "22")
  int compressionLevel() default 0;

  /// @return the largest item
  @AttributeDefinition(description = "Bytes of the largest item", min = "1", max = "67108864")
  int itemBytesMax() default 4_194_304;

  /// @return how many files one opened family keeps open
  @AttributeDefinition(description = "Files open at once, for each slot", min = "4", max = "4096")
  int openBlobsMax() default 128;
}
