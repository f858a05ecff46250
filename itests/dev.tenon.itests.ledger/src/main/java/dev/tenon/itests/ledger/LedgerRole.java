package dev.tenon.itests.ledger;

import dev.tenon.runtime.role.Description;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotPort;
import org.osgi.service.component.annotations.Component;

/// The strategy of the role `ledger`.
@Component(property = "tenon.role=ledger")
public final class LedgerRole implements QueuedRole {
  @Override
  public String role() {
    return LedgerProvider.ROLE;
  }

  @Override
  public String facadeType() {
    return Ledger.class.getName();
  }

  @Override
  public Description describe(Object provider) {
    return ((LedgerProvider) provider).describe();
  }

  @Override
  public QueuedFacade facade(SlotPort port) {
    return new LedgerFacade(port);
  }
}
