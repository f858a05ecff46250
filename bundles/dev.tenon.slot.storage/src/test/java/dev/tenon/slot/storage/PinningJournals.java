package dev.tenon.slot.storage;

import dev.tenon.codec.Check;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.CorruptionException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Iterator;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A provider that leaves something behind when it is told to. Its classes are defined by a loader of their own.
public final class PinningJournals implements JournalProvider, BiConsumer<LeftBehind.Pin, LeftBehind> {
  private static final long DAY_MS = 86_400_000;

  private record Left(String text) {}

  private enum One {
    ONE
  }

  private static @Nullable Object kept;

  private int damaged;
  private final JournalProvider real = new PlainJournals(call -> {
    if (call.equals("read") && damaged > 0) {
      damaged--;
      throw new CorruptionException("p", "62", 0, "a", "b");
    }
  });

  @Override
  public Description describe() {
    return real.describe();
  }

  @Override
  public JournalInstance open(OpenContext context) {
    context.metrics().gauge("tenon_test_left_items", "What is left.").set(1);
    return real.open(context);
  }

  @Override
  public void accept(LeftBehind.Pin pin, LeftBehind left) {
    try {
      leave(pin, left);
    } catch (ReflectiveOperationException | InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private void leave(LeftBehind.Pin pin, LeftBehind left)
      throws ReflectiveOperationException, InterruptedException, ExecutionException {
    switch (pin) {
      case RECORD -> left.keep(new Left("a record"));
      case ITERATOR -> left.keep(numbers());
      case LAMBDA -> left.keep((Runnable) () -> damaged++);
      case ENUM -> left.keep(One.ONE);
      case METHOD_HANDLE -> left.keep(MethodHandles.lookup().bind(this, "describe",
          MethodType.methodType(Description.class)));
      case EXCEPTION -> {
        try {
          throw new AssertionError(Integer.parseInt("no number"));
        } catch (NumberFormatException thrown) {
          left.keep(thrown);
        }
      }
      case THREAD_LOCAL -> left.run(() -> new ThreadLocal<Left>().set(new Left("on a thread")));
      case THREAD -> new Thread(() -> {
        left.awaitAnswer();
        damaged++;
      }).start();
      case CONTEXT_LOADER -> {
        ClassLoader own = PinningJournals.class.getClassLoader();
        left.run(() -> Thread.currentThread().setContextClassLoader(own));
      }
      case SHUTDOWN_HOOK -> left.hook(new Thread(() -> damaged++));
      case TIMER -> left.timer().schedule(task(), DAY_MS);
      case LISTENER -> left.listen(event -> damaged++);
      case STAGE -> Check.that(!left.future().thenAccept(text -> damaged++).isDone(), "it never completes");
      case CALL -> left.begin(() -> {
        left.awaitAnswer();
        damaged++;
      });
      case NOTHING -> {}
      case ENDED_THREAD -> {
        Thread ended = new Thread(() -> damaged = 0);
        ended.start();
        ended.join();
      }
      case WEAK_LISTENER -> left.listenWeakly(event -> damaged++);
      case CANCELLED_TIMER -> {
        Timer timer = new Timer("of a provider", true);
        timer.schedule(task(), DAY_MS);
        timer.cancel();
      }
      case STATIC -> {
        Check.that(kept == null, "nothing was kept");
        kept = this;
      }
      case GAUGE -> {} // it has made one when it was opened
      case FAILURE -> damaged = 2; // opened again in between
    }
  }

  private Iterator<Integer> numbers() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Integer next() {
        return damaged;
      }
    };
  }

  private TimerTask task() {
    return new TimerTask() {
      @Override
      public void run() {
        damaged++;
      }
    };
  }
}
