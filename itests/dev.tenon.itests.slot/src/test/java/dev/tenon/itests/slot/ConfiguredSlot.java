package dev.tenon.itests.slot;

import dev.tenon.itests.ledger.LedgerProvider;
import java.io.IOException;
import java.util.Map;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/// A ledger's slot that is asked for while the container runs.
record ConfiguredSlot(Configuration configuration) {
  /// @param beneath the slot on which it stands, `<role>/<use>`
  static ConfiguredSlot add(ConfigurationAdmin admin, String use, String beneath) throws IOException {
    Configuration slot = admin.getFactoryConfiguration("dev.tenon.slot", use, "?");
    slot.update(FrameworkUtil.asDictionary(Map.of("node", "local", "role", LedgerProvider.ROLE, "use", use, "beneath",
        new String[] {beneath})));
    return new ConfiguredSlot(slot);
  }

  void remove() throws IOException {
    configuration.delete();
  }
}
