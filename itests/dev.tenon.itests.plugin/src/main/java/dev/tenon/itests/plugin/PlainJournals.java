package dev.tenon.itests.plugin;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/// Offers journals that are easy to reason about: what was done between two syncs is one file, written as a whole.
@Component(property = {"tenon.role=journal", "tenon.provider=plain"})
public final class PlainJournals implements JournalProvider {
  private static final String FORMAT = "plain-1";

  @Override
  public Description describe() {
    return new Description("plain", FORMAT, List.of(FORMAT), PlainFamily.ITEM_BYTES_MAX);
  }

  @Override
  public JournalInstance open(OpenContext context) {
    return PlainFamily.open(context.storage());
  }
}
