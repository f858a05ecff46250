package dev.tenon.scenarios;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.OpenReport;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.scenarios.Faults.Side;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Stands before a journal provider and lets its calls go wrong as ordered.
///
/// @param real does the work
/// @param faults what goes wrong
/// @param isServed whether the slot serves, so that what is opened now is to take over
record TroubledJournals(JournalProvider real, Faults faults, BooleanSupplier isServed) implements JournalProvider {
  @Override
  public Description describe() {
    return real.describe();
  }

  @Override
  public JournalInstance open(OpenContext context) {
    Side side = isServed.getAsBoolean() ? Side.STANDBY : Side.SERVING;
    faults.opened(context.storage(), context.generation());
    return faults.call(ROLE, side, "open", () -> new Instance(real.open(context), side));
  }

  private final class Instance implements JournalInstance {
    private final JournalInstance opened;
    private Side side;

    Instance(JournalInstance opened, Side side) {
      this.opened = opened;
      this.side = side;
    }

    private <T> T call(String call, Supplier<T> work) {
      return faults.call(ROLE, side, call, work);
    }

    private void run(String call, Runnable work) {
      run(call, work, work);
    }

    private void run(String call, Runnable work, Runnable half) {
      faults.call(ROLE, side, call, done(work), done(half));
    }

    private static Supplier<Boolean> done(Runnable work) {
      return () -> {
        work.run();
        return true;
      };
    }

    @Override
    public OpenReport report() {
      return opened.report();
    }

    @Override
    public OptionalLong floor(String name) {
      return opened.floor(name);
    }

    @Override
    public long end(String name, long section) {
      return opened.end(name, section);
    }

    @Override
    public void activate() {
      side = Side.SERVING;
      run("activate", opened::activate);
      faults.activated(opened);
    }

    @Override
    public void create(String name) {
      run("create", () -> opened.create(name));
    }

    @Override
    public void remove(String name) {
      run("remove", () -> opened.remove(name));
    }

    @Override
    public void append(String name, long section, long index, List<Bytes> items) {
      List<Bytes> half = items.subList(0, (items.size() + 1) / 2);
      run("append", () -> opened.append(name, section, index, items), () -> opened.append(name, section, index, half));
    }

    @Override
    public void rewind(String name, long section, long index) {
      run("rewind", () -> opened.rewind(name, section, index));
    }

    @Override
    public void prune(String name, long section) {
      run("prune", () -> opened.prune(name, section));
    }

    @Override
    public List<Bytes> read(String name, long section, long index, int itemsMax, int bytesMax) {
      return call("read", () -> opened.read(name, section, index, itemsMax, bytesMax));
    }

    @Override
    public void sync() {
      run("sync", opened::sync);
    }

    @Override
    public void seal() {
      run("seal", opened::seal);
    }

    @Override
    public void close() {
      faults.haunt();
      run("close", opened::close);
    }
  }
}
