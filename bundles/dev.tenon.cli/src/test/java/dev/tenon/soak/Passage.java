package dev.tenon.soak;

import dev.tenon.runtime.Runtime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What a soak's node looks through, for a simulated one.
public final class Passage {
  private final HoldPoint point;

  /// @param history where it would tell that a slot is held
  public Passage(Path history) throws IOException {
    point = new HoldPoint(new History(history));
  }

  /// The same runtime, as the slots of a soak take it.
  public Runtime probed(Runtime runtime) {
    return ProbedRuntimes.probed(runtime, point);
  }

  /// Where journal slots came by.
  public List<String> passed() {
    return point.passed();
  }
}
