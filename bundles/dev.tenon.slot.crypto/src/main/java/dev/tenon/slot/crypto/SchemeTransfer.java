package dev.tenon.slot.crypto;

import dev.tenon.slot.QueuedTransfer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Teaches a provider in standby what is in the book, a piece at a time, while another one serves: the book is the
/// change table. Nothing is read from the one that serves, since the facade knows all that it was told.
final class SchemeTransfer implements QueuedTransfer {
  private static final int EPOCHS_MAX = 256;

  private final SchemeFamily family;
  /// What pieces were made of. On the strand of the instance that serves.
  private final TreeMap<Long, Epoch> carried = new TreeMap<>(Long::compareUnsigned);
  /// What the standby was taught and not yet compared. On the standby's strand.
  private final List<Epoch> taught = new ArrayList<>();

  /// @param forgotten numbers of epochs that were carried over and are no longer in the book
  private record Lesson(List<Epoch> epochs, List<Long> forgotten) {}

  SchemeTransfer(SchemeFamily family) {
    this.family = family;
  }

  @Override
  public Piece export(Object from) {
    List<Epoch> missing = new ArrayList<>();
    TreeMap<Long, Epoch> gone = new TreeMap<>(carried);
    for (Epoch epoch : family.epochs()) {
      gone.remove(epoch.number());
      if (!epoch.equals(carried.get(epoch.number()))) {
        missing.add(epoch);
      }
    }
    List<Epoch> next = missing.subList(0, Math.min(EPOCHS_MAX, missing.size()));
    gone.keySet().forEach(carried::remove);
    next.forEach(epoch -> carried.put(epoch.number(), epoch));
    int left = missing.size() - next.size();
    return new Piece(new Lesson(List.copyOf(next), List.copyOf(gone.keySet())), next.size(), 0, left, left == 0);
  }

  @Override
  public void apply(Object to, Piece piece) {
    Lesson lesson = (Lesson) piece.content();
    Inside inside = SchemeFamily.inside(to);
    if (!lesson.forgotten().isEmpty()) {
      // Engines forget from below, so what is forgotten lies below all that stays.
      long last = lesson.forgotten().getLast();
      inside.provider().forgetBefore(last + 1);
      taught.removeIf(epoch -> Long.compareUnsigned(epoch.number(), last) <= 0);
    }
    lesson.epochs().forEach(epoch -> epoch.teach(inside));
    taught.addAll(lesson.epochs());
  }

  @Override
  public void verify(Object to) {
    Inside inside = SchemeFamily.inside(to);
    taught.forEach(epoch -> epoch.compare(inside.provider()));
    taught.clear();
  }
}
