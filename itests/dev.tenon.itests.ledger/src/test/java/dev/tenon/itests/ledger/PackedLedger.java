package dev.tenon.itests.ledger;

import dev.tenon.runtime.role.Beneath;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import java.util.ArrayList;
import java.util.List;

/// A ledger whose entries are those of one writer in the ledger beneath, for each of which it waits. A writer is of
/// three letters at most.
///
/// @param name the provider's
record PackedLedger(String name) implements LedgerProvider {
  private static final int WRITER_SHIFT = 40;

  @Override
  public Description describe() {
    return new Description(name, "ledger-" + name, List.of("ledger-" + name), 1 << 10);
  }

  @Override
  public LedgerInstance open(OpenContext context) {
    Beneath beneath = context.beneath();
    Ledger ledger = beneath.facade(beneath.slots().getFirst(), Ledger.class);
    List<LedgerInstance.Entry> entries = new ArrayList<>();
    for (long each : beneath.await(ledger.all("entries"))) {
      entries.add(new LedgerInstance.Entry(Long.toString(each >>> WRITER_SHIFT, Character.MAX_RADIX),
          each & (1L << WRITER_SHIFT) - 1));
    }
    return new Instance(beneath, ledger, entries);
  }

  private record Instance(Beneath beneath, Ledger ledger, List<LedgerInstance.Entry> entries)
      implements LedgerInstance {
    @Override
    public void put(LedgerInstance.Entry entry) {
      long writer = Long.parseLong(entry.writer(), Character.MAX_RADIX);
      beneath.await(ledger.put("entries", writer << WRITER_SHIFT | entry.number()));
      entries.add(entry);
    }

    @Override
    public List<LedgerInstance.Entry> read(int from, int max) {
      return List.copyOf(entries.subList(from, Math.min(entries.size(), from + max)));
    }

    @Override
    public int size() {
      return entries.size();
    }

    @Override
    public void sync() {}

    @Override
    public void seal() {}

    @Override
    public void close() {}
  }
}
