package dev.tenon.storage.mapdb;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/// Offers journals kept in a redo log with sorted tables of MapDB behind it.
@Component(name = "dev.tenon.storage.mapdb", property = {"tenon.role=journal", "tenon.provider=mapdb"})
@Designate(ocd = MapdbJournalConfig.class)
public final class MapdbJournalProvider implements JournalProvider {
  private static final String FORMAT = "mapdb-1";

  private final StoreConfig config;

  /// @param config refused where a value is out of its range
  /// @throws dev.tenon.codec.ConfigException naming the key
  @Activate
  public MapdbJournalProvider(MapdbJournalConfig config) {
    this(new StoreConfig(config.logBytes(), config.writeBufferBytes(), config.itemBytesMax(), config.pageBytes(),
        config.openRunsMax()));
  }

  MapdbJournalProvider(StoreConfig config) {
    this.config = config;
  }

  @Override
  public Description describe() {
    return new Description("mapdb", FORMAT, List.of(FORMAT), config.itemBytesMax());
  }

  @Override
  public JournalInstance open(OpenContext context) {
    return MapdbStore.open(context, config);
  }
}
