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

  @Override
  public Description describe() {
    return new Description("segmented", config.format(), List.of(config.format()), config.itemBytesMax());
  }

  @Override
  public JournalInstance open(OpenContext context) {
    return Recovery.open(context, config);
  }
}
