package dev.tenon.handover;

import dev.tenon.runtime.Runtime;
import dev.tenon.slot.CallsInside;
import dev.tenon.slot.QueuedFacade;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Where the calls past the queue are, as far as threads tell: one that a provider has taken and not answered is on no
/// thread, and nobody knows whose work its provider's are.
final class Stacks {
  /// So many threads and frames of each show where calls hang.
  private static final int THREADS_MAX = 8;
  private static final int FRAMES_MAX = 32;

  private Stacks() {}

  /// @return a thread each, its frames after its name, the innermost first
  static List<String> inside(Runtime runtime, QueuedFacade facade, Object instance) {
    List<String> frames = facade.framesInside(instance);
    return frames.isEmpty() ? List.of()
        : runtime.threadsIn(frames, FRAMES_MAX).stream().limit(THREADS_MAX).toList();
  }

  /// For the log.
  static String line(List<String> stacks) {
    return stacks.isEmpty() ? "on no thread" : String.join("; ", stacks);
  }

  /// For the reason of a refusal: how many, how old, and of each thread the frame by which it was found.
  static String brief(CallsInside calls, long heldMs, List<String> stacks, List<String> types) {
    String where = stacks.isEmpty() ? "on no thread"
        : "in " + stacks.stream().map(stack -> innermost(stack, types)).distinct().collect(Collectors.joining(", "));
    return calls.calls() + " inside, the oldest for at least " + Math.max(heldMs, calls.oldestMs()) + " ms, " + where;
  }

  private static String innermost(String stack, List<String> types) {
    return Arrays.stream(stack.split(" < ")).filter(frame -> types.stream().anyMatch(frame::contains)).findFirst()
        .orElse(stack);
  }
}
