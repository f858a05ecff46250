package dev.tenon.sim;

import dev.tenon.codec.Check;
import java.time.Duration;

/// How frames travel from one node to another. Links keep order and lose nothing unless told otherwise.
public final class LinkShape {
  private static final long MEAN_NS = 10_000_000;
  private static final long JITTER_NS = 3_000_000;
  private static final int QUEUE_FRAMES = 4_096;

  private long meanNs = MEAN_NS;
  private long jitterNs = JITTER_NS;
  private double loss;
  private double duplicate;
  private double reorder;
  private long bytesPerSecond;
  private int queueFrames = QUEUE_FRAMES;

  LinkShape() {}

  LinkShape(LinkShape other) {
    meanNs = other.meanNs;
    jitterNs = other.jitterNs;
    loss = other.loss;
    duplicate = other.duplicate;
    reorder = other.reorder;
    bytesPerSecond = other.bytesPerSecond;
    queueFrames = other.queueFrames;
  }

  /// @param mean of the time under way
  /// @param jitter at most so much less or more
  /// @return this
  public LinkShape latency(Duration mean, Duration jitter) {
    Check.that(mean.compareTo(jitter) >= 0, "the jitter is not above the mean");
    meanNs = mean.toNanos();
    jitterNs = jitter.toNanos();
    return this;
  }

  /// @param probability that a frame never arrives
  /// @return this
  public LinkShape loss(double probability) {
    loss = probability;
    return this;
  }

  /// @param probability that a frame arrives twice
  /// @return this
  public LinkShape duplicate(double probability) {
    duplicate = probability;
    return this;
  }

  /// @param probability that a frame does not keep its place: it takes up to twice its latency more, and later ones
  ///     may overtake it
  /// @return this
  public LinkShape reorder(double probability) {
    reorder = probability;
    return this;
  }

  /// @param bytes a second; 0 is without limit
  /// @param frames at most so many wait or are under way; one more is rejected
  /// @return this
  public LinkShape bandwidth(long bytes, int frames) {
    Check.that(bytes >= 0 && frames > 0, "a bandwidth from 0, a queue above 0");
    bytesPerSecond = bytes;
    queueFrames = frames;
    return this;
  }

  long latencyNs(Rng rng) {
    return Math.max(1, rng.between(meanNs - jitterNs, meanNs + jitterNs));
  }

  long sendingNs(int bytes) {
    return bytesPerSecond == 0 ? 0 : bytes * 1_000_000_000L / bytesPerSecond;
  }

  double loss() {
    return loss;
  }

  double duplicate() {
    return duplicate;
  }

  double reorder() {
    return reorder;
  }

  int queueFrames() {
    return queueFrames;
  }
}
