package dev.tenon.shell;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts bundles again that should run and do not.
///
/// Where the start of one bundle and a resolving elsewhere would wait for each other's locks, the framework interrupts
/// the start, which fails, and leaves the bundle down for good: of some hundred updates under load, one. What an
/// operator has stopped is not meant to run, but where the stop is transient (`stop -t`). Looks each second; starts
/// what was down twice in a row, after a failure ever later.
///
/// Immediate: nobody asks for it.
@Component(name = "dev.tenon.shell.start.again", immediate = true, service = {})
public final class StartAgain {
  private static final Logger log = LoggerFactory.getLogger(StartAgain.class);
  private static final long LOOK_MS = 1_000;
  private static final int LOOKS_MAX = 64;

  /// A bundle that is down.
  ///
  /// @param failure what its last start said; empty before the first one
  /// @param pause looks to let pass before the next start
  /// @param left how many of these are left
  private record Down(String failure, int pause, int left) {}

  private final BundleContext context;
  private final @Nullable ScheduledExecutorService timer;
  private final Map<Long, Down> down = new HashMap<>();

  /// Begins to look.
  ///
  /// @param context this bundle's
  @Activate
  public StartAgain(BundleContext context) {
    this.context = context;
    timer = Executors
        .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("tenon-start-again").factory());
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(this::lookUnlessStopped, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  private StartAgain(BundleContext context, @Nullable ScheduledExecutorService timer) {
    this.context = context;
    this.timer = timer;
  }

  /// One that looks when it is told to.
  static StartAgain byHand(BundleContext context) {
    return new StartAgain(context, null);
  }

  /// Looks no more. A start under way goes on.
  @Deactivate
  public void close() {
    if (timer != null) timer.shutdown();
  }

  private void lookUnlessStopped() {
    try {
      look();
    } catch (IllegalStateException stopped) {
      log.atDebug().setCause(stopped).log("the container stops");
    }
  }

  void look() {
    Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    if (framework.getState() != Bundle.ACTIVE) return; // it starts its bundles by itself, or stops them
    int level = framework.adapt(FrameworkStartLevel.class).getStartLevel();
    Set<Long> seen = new HashSet<>();
    for (Bundle bundle : context.getBundles()) {
      BundleStartLevel start = bundle.adapt(BundleStartLevel.class);
      if (start.getStartLevel() <= level && isDown(bundle)) {
        seen.add(bundle.getBundleId());
        down.compute(bundle.getBundleId(), (id, before) -> looked(bundle, start, before));
      }
    }
    down.keySet().retainAll(seen);
  }

  /// Whether a bundle should run once its start level is reached, and does not.
  static boolean isDown(Bundle bundle) {
    int state = bundle.getState();
    return (state == Bundle.INSTALLED || state == Bundle.RESOLVED)
        && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
  }

  /// At the first look it may be updated just now.
  private static Down looked(Bundle bundle, BundleStartLevel start, @Nullable Down before) {
    if (before == null) return new Down("", 1, 0);
    if (before.left() > 0) return new Down(before.failure(), before.pause(), before.left() - 1);
    try {
      int policy = start.isActivationPolicyUsed() ? Bundle.START_ACTIVATION_POLICY : 0;
      bundle.start(Bundle.START_TRANSIENT | policy);
      log.atWarn().addKeyValue("bundle", bundle.getSymbolicName()).addKeyValue("version", bundle.getVersion())
          .log("bundle was down, and runs again");
      return before;
    } catch (BundleException e) {
      String failure = String.valueOf(e.getMessage());
      if (!failure.equals(before.failure())) {
        log.atWarn().addKeyValue("bundle", bundle.getSymbolicName()).addKeyValue("version", bundle.getVersion())
            .addKeyValue("reason", failure).log("bundle does not start; it is tried again");
      }
      int pause = Math.min(2 * before.pause(), LOOKS_MAX);
      return new Down(failure, pause, pause);
    }
  }
}
