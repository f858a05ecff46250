package dev.tenon.journal.segmented;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/// Offers journals kept as numbered blobs, one blob a section.
@Component(name = "dev.tenon.journal.segmented", property = {"tenon.role=journal", "tenon.provider=segmented"})
@Designate(ocd = SegmentedJournalConfig.class)
public final class SegmentedJournalProvider implements JournalProvider {
  private static final int PLAIN_OPEN_BLOBS = 128;

  private final StoreConfig config;

  /// @param config refused where a value is out of its range
  /// @throws dev.tenon.codec.ConfigException naming the key
  @Activate
  public SegmentedJournalProvider(SegmentedJournalConfig config) {
    this(new StoreConfig(config.pageBytes(), config.writeBufferBytes(), config.compressionLevel(),
        config.itemBytesMax(), config.openBlobsMax()));
  }

  SegmentedJournalProvider(StoreConfig config) {
    this.config = config;
  }

  /// For whoever checks files outside of a container: without compression, with the largest items and 128 open files.
  ///
  /// @param pageBytes bytes of data in a page
  /// @param writeBufferBytes gathered before full pages are written
  /// @return a provider
  /// @throws dev.tenon.codec.ConfigException where a number is out of its range
  public static SegmentedJournalProvider plain(int pageBytes, int writeBufferBytes) {
    return new SegmentedJournalProvider(
        new StoreConfig(pageBytes, writeBufferBytes, 0, StoreConfig.ITEM_BYTES_MAX, PLAIN_OPEN_BLOBS));
  }

  @Override
  public Description describe() {
    return new Description("segmented", config.format(), List.of(config.format()), config.itemBytesMax());
  }

  @Override
  public JournalInstance open(OpenContext context) {
    return Recovery.open(context, config);
  }
}
