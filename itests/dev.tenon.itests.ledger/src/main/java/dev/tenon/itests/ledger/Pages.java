package dev.tenon.itests.ledger;

import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import org.osgi.service.component.annotations.Component;

/// Keeps sixteen entries a section.
@Component(property = {"tenon.role=ledger", "tenon.provider=pages"})
public final class Pages implements LedgerProvider {
  private final LedgerProvider ledger = new JournalLedger("pages", "ledger-pages", 16);

  @Override
  public Description describe() {
    return ledger.describe();
  }

  @Override
  public LedgerInstance open(OpenContext context) {
    return ledger.open(context);
  }
}
