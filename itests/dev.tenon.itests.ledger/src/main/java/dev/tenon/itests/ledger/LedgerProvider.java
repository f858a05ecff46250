package dev.tenon.itests.ledger;

import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;

/// Offers ledgers to slots.
public interface LedgerProvider {
  /// The role's name.
  String ROLE = "ledger";

  /// @return what it is
  Description describe();

  /// @param context where it keeps its entries: in the first slot beneath
  /// @return the instance
  LedgerInstance open(OpenContext context);
}
