package dev.tenon.itests.slot;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.LockSupport;

/// Another provider's journals, whose calls do not end while they are held: as a call of a broken disk.
final class HangingJournals implements JournalProvider {
  private final JournalProvider real;
  private volatile boolean holds;
  private volatile boolean held;

  HangingJournals(JournalProvider real) {
    this.real = real;
  }

  /// From the next force on.
  void hold() {
    holds = true;
  }

  void release() {
    holds = false;
  }

  boolean isHeld() { return held; }

  @Override
  public Description describe() {
    return real.describe();
  }

  @Override
  public JournalInstance open(OpenContext context) {
    JournalInstance opened = real.open(context);
    return (JournalInstance) Proxy.newProxyInstance(JournalInstance.class.getClassLoader(),
        new Class<?>[] {JournalInstance.class}, (proxy, method, words) -> {
          if (method.getName().equals("sync")) {
            hang();
          }
          try {
            return method.invoke(opened, words);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  /// Whatever is done to its thread.
  private void hang() {
    while (holds) {
      held = true;
      LockSupport.parkNanos(1_000_000);
    }
    held = false;
  }
}
