package dev.tenon.slot.storage;

import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The views of all that was opened in one life of a node, which know no end: once a later one serves, each of them
/// tries to write now and then, when any instance is called. Also of instances that were left behind, which nobody
/// closes.
final class Ghosts {
  private static final int VIEWS_MAX = 6;
  /// So many calls lie between two attempts, but for those of a close.
  private static final int EVERY = 16;
  private static final ByteBuffer GARBAGE = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}).asReadOnlyBuffer();
  private static final byte[] LOG = {0x6c, 0x6f, 0x67};

  /// What one instance writes through.
  private static final class View {
    final OpenContext context;
    boolean closed;

    View(OpenContext context) {
      this.context = context;
    }
  }

  private final List<View> views = new ArrayList<>();
  private @Nullable SlotWorld world;
  private int boots;
  private long served;
  private int calls;
  int refused;
  /// Of these, by who was never closed.
  int refusedOfAbandoned;
  int written;

  /// Before the world runs.
  void in(SlotWorld of) {
    world = of;
  }

  void opened(OpenContext context) {
    int life = world == null ? 0 : world.node.boots();
    if (life != boots) {
      boots = life;
      served = 0;
      views.clear(); // what a former life of the node opened ended with it
    }
    views.add(new View(context));
    if (views.size() > VIEWS_MAX) {
      views.removeFirst();
    }
  }

  void called(OpenContext context, String method) {
    boolean closes = method.equals("close");
    if (closes) {
      views.stream().filter(view -> view.context.equals(context)).forEach(view -> view.closed = true);
    }
    if (world != null && (closes || ++calls % EVERY == 0)) {
      served = Math.max(served, world.status().state().isServing() ? world.status().generation() : 0);
      haunt();
    }
  }

  /// Every way of writing, with each view that was opened before who serves. One that is not fenced off counts as
  /// written, also where it fails for another reason: nothing but that reason kept it out.
  private void haunt() {
    int serving = views.size() - 1;
    while (serving >= 0 && views.get(serving).context.generation() > served) {
      serving--;
    }
    for (View view : List.copyOf(views.subList(0, Math.max(0, serving)))) {
      for (Runnable way : ways(view.context.storage())) {
        if (written == 0 && isRefused(way)) { // what was written may have broken all else
          refused++;
          refusedOfAbandoned += view.closed ? 0 : 1;
        }
      }
    }
  }

  private static List<Runnable> ways(Storage storage) {
    return List.of(() -> {
      try (Blob blob = storage.open("data", LOG)) {
        blob.write(0, GARBAGE.duplicate());
        blob.sync();
      }
    }, () -> storage.replace("data", LOG, GARBAGE.duplicate()), () -> storage.remove("data", LOG));
  }

  private boolean isRefused(Runnable way) {
    try {
      way.run();
    } catch (FencedException fenced) {
      return true;
    } catch (Stopped end) {
      throw end; // the node's or the strand's, not the write's
    } catch (RuntimeException | Error other) {
      written++;
      return false;
    }
    written++;
    return false;
  }
}
