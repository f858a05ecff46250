package dev.tenon.slot.storage;

import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.role.Description;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotPort;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/// The strategy of the role `journal`.
@Component(name = "dev.tenon.slot.storage.journal", property = "tenon.role=journal")
public final class JournalRole implements QueuedRole {
  /// Needs nothing.
  @Activate
  public JournalRole() {}

  @Override
  public String role() {
    return JournalProvider.ROLE;
  }

  @Override
  public String facadeType() {
    return JournalStore.class.getName();
  }

  @Override
  public Description describe(Object provider) {
    return ((JournalProvider) provider).describe();
  }

  @Override
  public QueuedFacade facade(SlotPort port) {
    return new JournalFamily(port);
  }
}
