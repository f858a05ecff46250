package dev.tenon.slot.crypto;

import dev.tenon.crypto.certificate.CertificateForm;
import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.slot.CallsInside;
import dev.tenon.slot.Leases;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedTransfer;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.Tenure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The schemes of one slot: the book of what engines registered, and how providers take turns. Engines' threads come
/// in through [SchemeFacade] and [EpochScheme].
final class SchemeFamily implements QueuedFacade {
  private final SlotPort port;
  private final Leases<Inside> slot;
  private final SchemeFacade facade = new SchemeFacade(this);
  private final ConcurrentSkipListMap<Long, Epoch> book = new ConcurrentSkipListMap<>(Long::compareUnsigned);
  /// What the first provider said of itself; every later one has to say the same. Set before the facade is registered.
  private volatile @Nullable Nature nature;

  /// What all providers of a slot have in common.
  private record Nature(String scheme, CertificateForm form) {}

  SchemeFamily(SlotPort port) {
    this.port = port;
    this.slot = new Leases<>(port);
  }

  // For engines.

  Leases<Inside> slot() {
    return slot;
  }

  String scheme() {
    return nature().scheme();
  }

  CertificateForm form() {
    return nature().form();
  }

  private Nature nature() {
    Nature known = nature;
    if (known == null) {
      throw new UnavailableException("slot " + port.name() + " has never served");
    }
    return known;
  }

  Optional<Epoch> epoch(long number) {
    return Optional.ofNullable(book.get(number));
  }

  List<Epoch> epochs() {
    return List.copyOf(book.values());
  }

  void register(Epoch epoch) {
    Epoch known = book.putIfAbsent(epoch.number(), epoch);
    if (known == null) {
      tell(inside -> epoch.teach(inside));
    } else if (!known.participants().equals(epoch.participants())) {
      throw new IllegalArgumentException("epoch " + Long.toUnsignedString(epoch.number())
          + " is known with other participants");
    }
  }

  void forgetBefore(long number) {
    book.headMap(number).clear();
    tell(inside -> inside.provider().forgetBefore(number));
  }

  private interface Word {
    void to(Inside inside);
  }

  /// Tells who serves now. Where the door is shut, or the provider throws, it is in the book all the same: who serves
  /// next learns from that, and so does this one with the first call for the epoch, whose caller then hears of it.
  private void tell(Word word) {
    Tenure<Inside> tenure = slot.tenure();
    int stripe = tenure.enter();
    if (stripe >= 0) {
      try {
        word.to(tenure.provider());
      } catch (Throwable thrown) { // an engine that registers has asked the slot, which knows it now
        slot.leave(tenure, stripe, thrown);
        return;
      }
      tenure.exit(stripe);
    }
  }

  // For the slot.

  @Override
  public Object service() {
    return facade;
  }

  @Override
  public Object open(Object provider, OpenContext context) {
    var opened = ((SchemeFactory) provider).open(context);
    Nature says = new Nature(opened.scheme(), opened.form());
    Nature known = nature;
    if (known == null) {
      nature = says;
    } else if (!known.equals(says)) {
      throw new CorruptionException("schemes", "form", 0, known.toString(), says.toString());
    }
    return slot.begin(new Inside(port, opened, context.generation()), context.generation());
  }

  @Override
  public void resume(Object instance) {
    Inside inside = inside(instance);
    List<Epoch> known = epochs();
    known.forEach(epoch -> epoch.teach(inside));
    known.forEach(epoch -> epoch.compare(inside.provider()));
    commit(inside);
  }

  /// Everything was taught and compared behind the fence; the record names this generation.
  @Override
  public void adopt(Object instance) {
    commit(inside(instance));
  }

  private void commit(Inside inside) {
    inside.commit();
    epochs().forEach(inside::take);
  }

  @Override
  public QueuedTransfer transfer(Object from) {
    return new SchemeTransfer(this);
  }

  @Override
  public void endTransfer() {}

  @Override
  public boolean hold(Object instance, long deadlineMs) {
    return slot.hold(tenure(instance), deadlineMs);
  }

  @Override
  public CallsInside inside(Object instance, long overdueMs) {
    return slot.look(tenure(instance), overdueMs);
  }

  /// Callers are in the facade's classes; what works for them elsewhere is in the provider's own, as far as it is.
  @Override
  public List<String> framesInside(Object instance) {
    return List.of(EpochScheme.class.getName(), SchemeFacade.class.getName(),
        inside(instance).provider().getClass().getPackageName() + ".");
  }

  @Override
  public void settled(Object instance) {
    slot.settled(tenure(instance));
  }

  @Override
  public List<String> known() {
    var last = book.lastEntry();
    return last == null
        ? List.of()
        : List.of(book.size() + " epochs, the last one " + Long.toUnsignedString(last.getKey()));
  }

  @Override
  public boolean wantsSync() {
    return false;
  }

  @Override
  public void sync(Object instance) {}

  /// The handover's own limit for a provider that goes is the same, began earlier, and ends the wait.
  @Override
  public void seal(Object instance) {
    if (!slot.hold(tenure(instance), port.sealDeadlineMs())) {
      throw new UnavailableException("calls inside slot " + port.name() + " have not ended in time: "
          + tenure(instance).inside());
    }
  }

  @Override
  public void fence(Object instance) {
    inside(instance).end();
    slot.end(tenure(instance));
  }

  @Override
  public void close(Object instance) {
    fence(instance);
  }

  static Inside inside(Object instance) {
    return tenure(instance).provider();
  }

  @SuppressWarnings("unchecked") // what open gave
  private static Tenure<Inside> tenure(Object instance) {
    return (Tenure<Inside>) instance;
  }
}
