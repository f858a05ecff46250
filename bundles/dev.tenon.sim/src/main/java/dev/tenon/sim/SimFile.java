package dev.tenon.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A blob on the simulated disk: its durable bytes, the changes since with their instants, and what a reader sees.
final class SimFile {
  /// What a disk writes as one: of an unsynced write any subset of these may survive.
  static final int PIECE_BYTES = 512;

  private enum Kind {
    WRITE,
    RESIZE,
    SYNC
  }

  private static final class Change {
    final Kind kind;
    /// From when it may have effects, and when it returned.
    final long startNs;
    final long endNs;
    /// Offset of a write, size of a resize.
    final int at;
    final byte[] data;
    final @Nullable Task task;

    Change(Kind kind, long startNs, long endNs, int at, byte[] data, @Nullable Task task) {
      this.kind = kind;
      this.startNs = startNs;
      this.endNs = endNs;
      this.at = at;
      this.data = data;
      this.task = task;
    }
  }

  private static final byte[] NONE = {};

  private Image written;
  private Image durable;
  private final List<Change> changes = new ArrayList<>();
  /// Whether the file's existence is durable.
  private boolean settled;
  /// Whether a sync has returned: then whatever gave it its name is durable too, even a replacement that failed.
  private boolean forced;
  /// A sync has failed: nobody knows what the disk holds. Decided at the next opening.
  private boolean doubtful;
  @Nullable
  SimBlob handle;

  SimFile(byte[] whole, boolean settled) {
    written = new Image(whole.clone());
    durable = new Image(settled ? whole.clone() : NONE);
    this.settled = settled;
  }

  int size() {
    return written.size();
  }

  void read(int offset, byte[] into) {
    written.read(offset, into);
  }

  void write(StorageCall call, int offset, byte[] data) {
    changes.add(new Change(Kind.WRITE, call.startNs(), call.endNs(), offset, data, call.task()));
    written.write(offset, data, 0, data.length);
  }

  void resize(StorageCall call, int size) {
    changes.add(new Change(Kind.RESIZE, call.startNs(), call.endNs(), size, NONE, call.task()));
    written.resize(size);
  }

  void sync(StorageCall call, long nowNs) {
    fold(nowNs);
    changes.add(new Change(Kind.SYNC, call.startNs(), call.endNs(), 0, NONE, call.task()));
  }

  boolean isSettled(long nowNs) {
    fold(nowNs);
    return settled;
  }

  boolean isForced(long nowNs) {
    fold(nowNs);
    return forced;
  }

  void doubt() {
    doubtful = true;
  }

  /// After a failed sync the page cache is no longer to be trusted: a new handle sees what the disk has kept.
  void settleDoubt(Rng rng, long nowNs) {
    if (doubtful) {
      doubtful = false;
      boolean exists = settled;
      losePower(rng, nowNs);
      settled = exists;
    }
  }

  long unsyncedBytes(long nowNs) {
    fold(nowNs);
    long bytes = 0;
    for (Change change : changes) {
      bytes += change.data.length;
    }
    return bytes;
  }

  /// Makes durable what syncs that have returned by now made durable.
  private void fold(long nowNs) {
    int last = changes.size() - 1;
    while (last >= 0 && (changes.get(last).kind != Kind.SYNC || changes.get(last).endNs > nowNs)) {
      last--;
    }
    if (last < 0) {
      return;
    }
    settled = true;
    forced = true;
    for (Change change : changes.subList(0, last)) {
      apply(change, durable);
    }
    changes.subList(0, last + 1).clear();
  }

  private static void apply(Change change, Image image) {
    switch (change.kind) {
      case WRITE -> image.write(change.at, change.data, 0, change.data.length);
      case RESIZE -> image.resize(change.at);
      case SYNC -> {}
    }
  }

  /// @return false if the file itself is gone
  boolean losePower(Rng rng, long nowNs) {
    fold(nowNs);
    changes.removeIf(change -> change.startNs > nowNs || change.kind == Kind.SYNC);
    Survival survival = new Survival(rng);
    Image left = new Image(durable);
    Image whole = new Image(durable);
    int low = durable.size();
    int high = durable.size();
    for (Change change : changes) {
      apply(change, whole);
      low = Math.min(low, whole.size());
      high = Math.max(high, whole.size());
      survive(change, survival, left);
    }
    if (!changes.isEmpty()) {
      left.resize(survival.length(durable.size(), whole.size(), low, high));
    }
    boolean exists = settled || survival.keeps();
    replaceBy(left);
    settled = true;
    return exists;
  }

  private static void survive(Change change, Survival survival, Image left) {
    switch (change.kind) {
      case WRITE -> {
        int from = 0;
        while (from < change.data.length) {
          int to = Math.min(change.data.length, from + PIECE_BYTES - (change.at + from) % PIECE_BYTES);
          if (survival.keeps()) {
            left.write(change.at, change.data, from, to);
          }
          from = to;
        }
      }
      case RESIZE -> {
        if (survival.keeps()) {
          left.resize(change.at);
        }
      }
      case SYNC -> {}
    }
  }

  /// The process is gone, the page cache is not: only what was under way is in doubt.
  void loseProcess(Rng rng, long nowNs) {
    fold(nowNs);
    changes.removeIf(change -> change.startNs > nowNs || change.kind == Kind.SYNC);
    Survival survival = new Survival(rng);
    List<Change> kept = new ArrayList<>();
    for (Change change : changes) {
      if (change.endNs <= nowNs) {
        kept.add(change);
      } else if (change.kind == Kind.RESIZE) {
        if (survival.keeps()) {
          kept.add(change);
        }
      } else {
        keepPieces(change, survival, nowNs, kept);
      }
    }
    changes.clear();
    changes.addAll(kept);
    rebuild();
    handle = null;
  }

  private static void keepPieces(Change change, Survival survival, long nowNs, List<Change> kept) {
    int from = 0;
    while (from < change.data.length) {
      int to = Math.min(change.data.length, from + PIECE_BYTES - (change.at + from) % PIECE_BYTES);
      if (survival.keeps()) {
        byte[] piece = Arrays.copyOfRange(change.data, from, to);
        kept.add(new Change(Kind.WRITE, change.startNs, nowNs, change.at + from, piece, null));
      }
      from = to;
    }
  }

  /// What a task did after an instant did not happen.
  void forget(Task task, long timeNs) {
    if (changes.removeIf(change -> change.task == task && change.startNs > timeNs)) {
      rebuild();
    }
  }

  void flip(int offset, int bit) {
    written.flip(offset, bit);
    durable.flip(offset, bit);
  }

  private void rebuild() {
    Image image = new Image(durable);
    changes.forEach(change -> apply(change, image));
    written = image;
  }

  private void replaceBy(Image left) {
    changes.clear();
    durable = left;
    written = new Image(left);
    handle = null;
    doubtful = false;
  }

  /// How much of the unsynced survives: drawn once a file and crash, so that all, none and every mixture occur.
  private static final class Survival {
    private static final double[] SHARES = {0, 1, 0.5, 0.9, 0.1};

    private final Rng rng;
    private final double share;

    Survival(Rng rng) {
      this.rng = rng;
      share = SHARES[rng.nextInt(SHARES.length)];
    }

    boolean keeps() {
      return rng.happens(share);
    }

    int length(int durableSize, int writtenSize, int low, int high) {
      if (share == 0 || share == 1) {
        return share == 0 ? durableSize : writtenSize;
      }
      return switch (rng.nextInt(3)) {
        case 0 -> durableSize;
        case 1 -> writtenSize;
        default -> (int) rng.between(low, high);
      };
    }
  }
}
