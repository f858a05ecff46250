package dev.tenon.itests.ledger;

import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.role.Beneath;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A ledger whose entries are the items of one journal in the slot beneath, so many a section.
public final class JournalLedger implements LedgerProvider {
  private static final int ATTEMPTS_MAX = 3;
  private final String name;
  private final String format;
  private final int perSection;

  /// @param name the provider's
  /// @param format its format id
  /// @param perSection so many entries a section
  public JournalLedger(String name, String format, int perSection) {
    this.name = name;
    this.format = format;
    this.perSection = perSection;
  }

  @Override
  public Description describe() {
    return new Description(name, format, List.of(format), 1 << 10);
  }

  @Override
  public LedgerInstance open(OpenContext context) {
    Beneath beneath = context.beneath();
    JournalStore store = beneath.facade(beneath.slots().getFirst(), JournalStore.class);
    Instance opened = new Instance(beneath, beneath.await(store.journal("entries")));
    opened.load();
    return opened;
  }

  private final class Instance implements LedgerInstance {
    private final Beneath beneath;
    private final Journal journal;
    private final List<LedgerInstance.Entry> entries = new ArrayList<>();

    Instance(Beneath beneath, Journal journal) {
      this.beneath = beneath;
      this.journal = journal;
    }

    void load() {
      long section = 0;
      long index = 0;
      List<dev.tenon.journal.Entry> found = beneath.await(journal.replay(section, index));
      while (!found.isEmpty()) {
        for (dev.tenon.journal.Entry item : found) {
          String[] text = new String(item.item().toArray(), StandardCharsets.US_ASCII).split(" ", -1);
          entries.add(new LedgerInstance.Entry(text[0], Long.parseLong(text[1])));
          section = item.section();
          index = item.index() + 1;
        }
        found = beneath.await(journal.replay(section, index));
      }
    }

    @Override
    public void put(LedgerInstance.Entry entry) {
      byte[] item = (entry.writer() + " " + entry.number()).getBytes(StandardCharsets.US_ASCII);
      for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        if (journal.append(entries.size() / perSection, ByteBuffer.wrap(item)) != Journal.BACKOFF) {
          entries.add(entry);
          return;
        }
        sync(); // the buffer beneath is full: it empties
      }
      throw new UnavailableException("the slot beneath takes nothing");
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
    public void sync() {
      beneath.await(journal.commit());
    }

    @Override
    public void seal() {
      sync();
    }

    @Override
    public void close() {}
  }
}
