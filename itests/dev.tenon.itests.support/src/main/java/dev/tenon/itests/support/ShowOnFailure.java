package dev.tenon.itests.support;

import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.rules.TestWatcher;
import org.junit.runner.Description;

/// Prints what the components wait for, and their states, when a test fails.
public final class ShowOnFailure extends TestWatcher {
  private final Supplier<Function<String, String>> control;

  /// @param control gives the shell's function at the time of the failure
  public ShowOnFailure(Supplier<Function<String, String>> control) {
    this.control = control;
  }

  @Override
  protected void failed(Throwable failure, Description description) {
    for (String line : new String[] {"why", "status", "health", "gogo lb"}) {
      System.err.println(description.getMethodName() + ": " + line + ": " + control.get().apply(line));
    }
  }
}
