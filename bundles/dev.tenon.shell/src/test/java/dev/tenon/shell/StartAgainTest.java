package dev.tenon.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/// Goal: what should run does, though a start has failed, and nothing else is started. Method: a container of one
/// bundle, made of proxies, at which it is looked by hand.
class StartAgainTest {
  private static final int LEVEL = 20;

  private final List<Object> starts = new ArrayList<>();
  private int failures;
  private int state = Bundle.RESOLVED;
  private int frameworkState = Bundle.ACTIVE;
  private int frameworkLevel = LEVEL;
  private boolean meant = true;
  private final StartAgain again = StartAgain.byHand(context());

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      again.look();
    }
  }

  @Test
  void whatIsDownTwiceInARowIsStartedWithoutTouchingWhatTheOperatorSaid() {
    look(1);
    assertThat(starts).as("it may be updated just now").isEmpty();
    look(1);
    assertThat(starts).containsExactly(Bundle.START_TRANSIENT);
    look(5);
    assertThat(starts).hasSize(1);
  }

  @Test
  void whatFailsIsTriedEverLater() {
    failures = 1_000;
    look(2 + 3 + 5);
    assertThat(starts).as("at the second look, and after 2 and 4 in between").hasSize(3);
    look(1_000);
    assertThat(starts).as("at least each 65th").hasSizeBetween(15, 25);
    failures = 0;
    look(65);
    assertThat(state).isEqualTo(Bundle.ACTIVE);
  }

  @Test
  void whatIsUpInBetweenWasNotDownTwiceInARow() {
    look(1);
    state = Bundle.ACTIVE;
    look(1);
    state = Bundle.INSTALLED;
    look(1);
    assertThat(starts).isEmpty();
  }

  @Test
  void whatIsNotMeantToRunStaysDown() {
    meant = false;
    look(3);
    meant = true;
    frameworkLevel = LEVEL - 1;
    look(3);
    frameworkLevel = LEVEL;
    for (int other : new int[] {Bundle.STARTING, Bundle.STOPPING}) {
      frameworkState = other;
      look(3);
    }
    frameworkState = Bundle.ACTIVE;
    for (int other : new int[] {Bundle.STARTING, Bundle.STOPPING, Bundle.UNINSTALLED}) {
      state = other;
      look(3);
    }
    assertThat(starts).isEmpty();
  }

  private BundleContext context() {
    BundleStartLevel level = Fake.of(BundleStartLevel.class, (self, method, arguments) -> switch (method.getName()) {
      case "isPersistentlyStarted" -> meant;
      case "getStartLevel" -> LEVEL;
      default -> false;
    });
    Bundle bundle = Fake.of(Bundle.class, (self, method, arguments) -> switch (method.getName()) {
      case "getState" -> state;
      case "getBundleId" -> 7L;
      case "adapt" -> level;
      case "start" -> start(arguments[0]);
      case "getVersion" -> Version.emptyVersion;
      default -> "some";
    });
    FrameworkStartLevel levels = Fake.of(FrameworkStartLevel.class, (self, method, arguments) -> frameworkLevel);
    Bundle framework = Fake.of(Bundle.class, (self, method, arguments) -> switch (method.getName()) {
      case "getState" -> frameworkState;
      default -> levels;
    });
    return Fake.of(BundleContext.class, (self, method, arguments) -> switch (method.getName()) {
      case "getBundle" -> framework;
      case "getBundles" -> new Bundle[] {bundle};
      default -> throw new UnsupportedOperationException(method.getName());
    });
  }

  private @Nullable Object start(Object options) throws BundleException {
    starts.add(options);
    if (failures-- > 0) {
      throw new BundleException("Unable to acquire global lock");
    }
    state = Bundle.ACTIVE;
    return null;
  }
}
