package dev.tenon.itests.ledger;

import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import org.osgi.service.component.annotations.Component;

/// The same as rows, by another name.
@Component(property = {"tenon.role=ledger", "tenon.provider=lines"})
public final class Lines implements LedgerProvider {
  private final LedgerProvider ledger = new JournalLedger("lines", "ledger-rows", Integer.MAX_VALUE);

  @Override
  public Description describe() {
    return ledger.describe();
  }

  @Override
  public LedgerInstance open(OpenContext context) {
    return ledger.open(context);
  }
}
