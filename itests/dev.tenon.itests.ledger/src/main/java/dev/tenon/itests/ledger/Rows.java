package dev.tenon.itests.ledger;

import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import org.osgi.service.component.annotations.Component;

/// Keeps all entries in one section.
@Component(property = {"tenon.role=ledger", "tenon.provider=rows"})
public final class Rows implements LedgerProvider {
  private final LedgerProvider ledger = new JournalLedger("rows", "ledger-rows", Integer.MAX_VALUE);

  @Override
  public Description describe() {
    return ledger.describe();
  }

  @Override
  public LedgerInstance open(OpenContext context) {
    return ledger.open(context);
  }
}
