package dev.tenon.slot;

import dev.tenon.codec.Check;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What a role that is handed over by rebuilding keeps in its facade: what the one that serves has fetched, what it has
/// emitted since some time before the safe head, and where that head is. Bounded also while that head stands still:
/// then what a handover would begin with goes, and it is refused until the head has moved. Any thread.
///
/// @param <I> what is fetched
/// @param <O> what is emitted
public final class RebuildLog<I, O> {
  /// So many outputs are compared.
  public static final int COMPARED = 64;

  /// One output.
  ///
  /// @param <O> its content
  /// @param number from 0
  /// @param content the role's own
  /// @param digest of all that it says
  public record Output<O>(long number, O content, long digest) {}

  private record Input<I>(I content, int bytes) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final int compared;
  private final int inputsMax;
  private final int outputsMax;
  private final long bytesMax;
  private final ArrayDeque<Input<I>> inputs = new ArrayDeque<>();
  private long inputsNext;
  private long bytes;
  private final ArrayDeque<Output<O>> outputs = new ArrayDeque<>();
  /// Of each of them, in the same order.
  private final ArrayDeque<Integer> outputSizes = new ArrayDeque<>();
  private long outputBytes;
  private long outputsNext;
  /// As it was told: it may be told of an output that is known here a moment later.
  private long safe;

  /// Empty.
  ///
  /// @param inputsMax inputs that are kept at most; the oldest go first
  /// @param outputsMax outputs that are kept at most, more than are compared; the oldest go first
  /// @param bytesMax what the inputs hold at most, and the outputs likewise; but the last ones, which are compared, and
  ///     the one before them stay whatever they hold
  public RebuildLog(int inputsMax, int outputsMax, long bytesMax) {
    this(inputsMax, outputsMax, bytesMax, COMPARED);
  }

  /// A test compares few.
  RebuildLog(int inputsMax, int outputsMax, long bytesMax, int compared) {
    Check.that(outputsMax > compared, "the outputs that are compared are kept, and the one before");
    this.compared = compared;
    this.inputsMax = inputsMax;
    this.outputsMax = outputsMax;
    this.bytesMax = bytesMax;
  }

  /// The one that serves has fetched. What is known already is not kept twice; where some are left out it begins anew.
  ///
  /// @param number of the input
  /// @param input immutable
  /// @param size what it holds, in bytes
  public void fetched(long number, I input, int size) {
    lock.lock();
    try {
      if (number > inputsNext || (inputs.isEmpty() && number < inputsNext)) {
        inputs.clear();
        bytes = 0;
        inputsNext = number;
      }
      if (number == inputsNext) {
        inputs.add(new Input<>(input, size));
        bytes += size;
        inputsNext++;
      }
      while (inputs.size() > inputsMax || bytes > bytesMax) {
        bytes -= inputs.removeFirst().bytes();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The one that serves has emitted the next output.
  ///
  /// @param output immutable
  /// @param digest of all that it says
  /// @param size what it holds, in bytes
  /// @return its number
  public long emitted(O output, long digest, int size) {
    lock.lock();
    try {
      outputs.add(new Output<>(outputsNext, output, digest));
      outputSizes.add(size);
      outputBytes += size;
      outputsNext++;
      forget();
      return outputsNext - 1;
    } finally {
      lock.unlock();
    }
  }

  /// The safe head has moved. It may be told before [#emitted]: who consumes may be faster than who notes here.
  ///
  /// @param next all outputs below are safe, also those that come later
  public void safe(long next) {
    lock.lock();
    try {
      safe = Math.max(safe, next);
      forget();
    } finally {
      lock.unlock();
    }
  }

  /// What is needed for the reset, the head before it included, stays as far as the bounds allow.
  private void forget() {
    long needed = resetAt() - 1;
    long last = outputsNext - compared - 1; // and the head before them
    while (!outputs.isEmpty()) {
      long oldest = outputs.getFirst().number();
      boolean tooMuch = outputs.size() > outputsMax || outputBytes > bytesMax;
      if (oldest >= needed && (oldest >= last || !tooMuch)) {
        return;
      }
      outputs.removeFirst();
      outputBytes -= outputSizes.removeFirst();
    }
  }

  /// Where rebuilding begins: at a safe head, so that what follows holds the last outputs that are compared.
  ///
  /// @return number of the first output that is derived again
  public long resetAt() {
    lock.lock();
    try {
      return Math.max(0, Math.min(safe, outputsNext - compared));
    } finally {
      lock.unlock();
    }
  }

  /// Where rebuilding begins, with the output before it: in one look, or the safe head moves on in between and that
  /// output is gone.
  ///
  /// @param head null where it is not kept, or there is none
  record Start<O>(long next, @Nullable Output<O> head) {}

  Start<O> start() {
    lock.lock();
    try {
      long next = resetAt();
      return new Start<>(next, output(next - 1));
    } finally {
      lock.unlock();
    }
  }

  /// An output that is kept.
  ///
  /// @param number its number
  /// @return null where it is not kept
  public @Nullable Output<O> output(long number) {
    lock.lock();
    try {
      for (Output<O> each : outputs) {
        if (each.number() == number) {
          return each;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// What was emitted last, as many as are compared.
  ///
  /// @return in order
  public List<Output<O>> last() {
    lock.lock();
    try {
      return outputs.stream().filter(each -> each.number() >= outputsNext - compared).toList();
    } finally {
      lock.unlock();
    }
  }

  /// The number of the next output.
  ///
  /// @return all below were emitted
  public long emittedNext() {
    lock.lock();
    try {
      return outputsNext;
    } finally {
      lock.unlock();
    }
  }

  /// The safe head.
  ///
  /// @return all outputs below are safe; none that was not emitted
  public long safeNext() {
    lock.lock();
    try {
      return Math.min(safe, outputsNext);
    } finally {
      lock.unlock();
    }
  }

  /// The number of the next input.
  ///
  /// @return all below were fetched
  public long fetchedNext() {
    lock.lock();
    try {
      return inputsNext;
    } finally {
      lock.unlock();
    }
  }

  /// The first input that is kept.
  ///
  /// @return as [#fetchedNext] where none is
  public long fetchedFirst() {
    lock.lock();
    try {
      return inputsNext - inputs.size();
    } finally {
      lock.unlock();
    }
  }

  /// Inputs in order.
  ///
  /// @param from number of the first one
  /// @param max so many at most
  /// @return nothing where it is not kept
  List<I> inputs(long from, int max, long sizeMax) {
    lock.lock();
    try {
      List<I> found = new ArrayList<>();
      long number = inputsNext - inputs.size();
      long size = 0;
      for (Input<I> each : inputs) {
        if (number++ >= from && from >= inputsNext - inputs.size()) {
          size += each.bytes();
          if (found.size() == max || (size > sizeMax && !found.isEmpty())) {
            break;
          }
          found.add(each.content());
        }
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  int compared() {
    return compared;
  }

  /// All that tells one state from another, for a test: what is kept follows from its numbers.
  String state() {
    lock.lock();
    try {
      return (inputsNext - inputs.size()) + "-" + inputsNext + "i" + bytes + " " + (outputsNext - outputs.size()) + "-"
          + outputsNext + "o" + outputBytes + " " + safe;
    } finally {
      lock.unlock();
    }
  }
}
