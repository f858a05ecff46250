package dev.tenon.itests.ledger;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.OpenReport;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Providers in whose calls something may go wrong.
final class Faults {
  /// What goes wrong, if anything; asked at each call.
  interface Fault {
    void at(String call);
  }

  private Faults() {}

  static LedgerProvider in(LedgerProvider inner, Fault fault) {
    return new LedgerProvider() {
      @Override
      public Description describe() {
        return inner.describe();
      }

      @Override
      public LedgerInstance open(OpenContext context) {
        fault.at("open");
        LedgerInstance opened = inner.open(context);
        fault.at("opened");
        return new FaultyLedger(opened, fault);
      }
    };
  }

  /// @param serves hears which journals the instance that serves has; they change with it
  static JournalProvider in(JournalProvider inner, Fault fault, Consumer<Set<String>> serves) {
    return new JournalProvider() {
      @Override
      public Description describe() {
        return inner.describe();
      }

      @Override
      public JournalInstance open(OpenContext context) {
        fault.at("open");
        JournalInstance opened = inner.open(context);
        Set<String> names = ConcurrentHashMap.newKeySet();
        opened.report().journals().forEach(journal -> names.add(journal.name()));
        return new FaultyJournals(opened, fault, names, serves);
      }
    };
  }

  private record FaultyLedger(LedgerInstance inner, Fault fault) implements LedgerInstance {
    @Override
    public void put(Entry entry) {
      fault.at("put");
      inner.put(entry);
    }

    @Override
    public List<Entry> read(int from, int max) {
      fault.at("read");
      return inner.read(from, max);
    }

    @Override
    public int size() {
      return inner.size();
    }

    @Override
    public void sync() {
      fault.at("sync");
      inner.sync();
      fault.at("synced");
    }

    @Override
    public void seal() {
      fault.at("seal");
      inner.seal();
    }

    @Override
    public void close() {
      fault.at("close");
      inner.close();
    }
  }

  private record FaultyJournals(JournalInstance inner, Fault fault, Set<String> names, Consumer<Set<String>> serves)
      implements JournalInstance {
    @Override
    public OpenReport report() {
      return inner.report();
    }

    @Override
    public void activate() {
      fault.at("activate");
      inner.activate();
      serves.accept(names);
    }

    @Override
    public void create(String name) {
      fault.at("create");
      inner.create(name);
      names.add(name);
    }

    @Override
    public void remove(String name) {
      fault.at("remove");
      inner.remove(name);
      names.remove(name);
    }

    @Override
    public void append(String name, long section, long index, List<Bytes> items) {
      fault.at("append");
      inner.append(name, section, index, items);
    }

    @Override
    public void rewind(String name, long section, long index) {
      fault.at("rewind");
      inner.rewind(name, section, index);
    }

    @Override
    public void prune(String name, long section) {
      fault.at("prune");
      inner.prune(name, section);
    }

    @Override
    public List<Bytes> read(String name, long section, long index, int itemsMax, int bytesMax) {
      fault.at("read");
      return inner.read(name, section, index, itemsMax, bytesMax);
    }

    @Override
    public void sync() {
      fault.at("sync");
      inner.sync();
    }

    @Override
    public void seal() {
      fault.at("seal");
      inner.seal();
    }

    @Override
    public void close() {
      fault.at("close");
      inner.close();
    }
  }
}
