package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.BroadcastStatus;
import dev.tenon.broadcast.Chunk;
import dev.tenon.crypto.PublicKey;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.status.HeightsKnown.Known;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.felix.hc.api.Result;

/// Where the engine writes what others may look at, from any thread.
final class StatusBoard implements BroadcastStatus {
  private final Settings settings;
  private final PublicKey self;
  private final boolean proposes;
  private final JournalStore journals;
  private final ConcurrentSkipListMap<PublicKey, Tip> tips = new ConcurrentSkipListMap<>();
  private volatile long epoch;
  private final AtomicLong certified = new AtomicLong();
  private volatile String paused = "";
  private volatile String damaged = "";
  private volatile String ended = "";
  private volatile String application = "";

  /// @param proposes whether it has a chain of its own
  StatusBoard(Settings settings, PublicKey self, boolean proposes, JournalStore journals) {
    this.settings = settings;
    this.self = self;
    this.proposes = proposes;
    this.journals = journals;
  }

  @Override
  public View view() {
    String reason = Stream.of(ended, damaged, journals.isActive() ? "" : "the journal's slot is not active", paused)
        .filter(text -> !text.isEmpty()).findFirst().orElse("");
    return new View(settings.node(), settings.engine(), self, epoch, reason, certified.get(),
        List.copyOf(tips.values()));
  }

  /// The end of each chain, whether it was accepted or only its certificate heard of.
  List<Known> heights() {
    List<Known> known = new ArrayList<>();
    if (proposes && !tips.containsKey(self)) {
      known.add(new Known(settings.node(), settings.engine(), self.toString(), -1, true));
    }
    for (Tip tip : tips.values()) {
      boolean certified = tip.certifiedHeight() != -1
          && Long.compareUnsigned(tip.certifiedHeight(), tip.height()) > 0;
      known.add(new Known(settings.node(), settings.engine(), tip.sequencer().toString(),
          certified ? tip.certifiedHeight() : tip.height(), proposes && tip.sequencer().equals(self)));
    }
    return known;
  }

  /// Whether the engine works. CRITICAL: it has ended, or a chain is off until somebody acts. WARN: it works, but not
  /// all that it asks of the application's code is done.
  Result health() {
    View view = view();
    String failure = !ended.isEmpty() ? ended : damaged;
    String but = !application.isEmpty() ? application
        : journals.signingOff() ? "it signs nothing: its journals were recovered from older storage"
        : proposes && journals.isRecovered()
            ? "it proposes nothing: its journals were recovered and may lack what it has signed"
        : "";
    Result.Status level = !failure.isEmpty() ? Result.Status.CRITICAL
        : !view.paused().isEmpty() ? Result.Status.TEMPORARILY_UNAVAILABLE
        : but.isEmpty() ? Result.Status.OK : Result.Status.WARN;
    String state = switch (level) {
      case CRITICAL -> "failed: " + failure;
      case TEMPORARILY_UNAVAILABLE -> "paused: " + view.paused();
      default -> view.tips().size() + " chains in epoch " + Long.toUnsignedString(view.epoch())
          + (but.isEmpty() ? "" : ", but " + but);
    };
    return new Result(level, view.node() + "/" + view.engine() + " " + state);
  }

  /// Why the engine has ended by itself; empty while it has not.
  String ended() {
    return ended;
  }

  void epoch(long value) {
    epoch = value;
  }

  void paused(String reason) {
    paused = reason;
  }

  void damaged(String reason) {
    damaged = reason;
  }

  /// @param reason what the application's code threw last; empty while it throws nothing
  void application(String reason) {
    application = reason;
  }

  void ended(String reason) {
    ended = reason;
  }

  void ownCertified() {
    certified.incrementAndGet();
  }

  void tip(Chunk chunk) {
    tips.merge(chunk.sequencer(), new Tip(chunk.sequencer(), chunk.height().value(), -1),
        (old, fresh) -> new Tip(old.sequencer(), fresh.height(), old.certifiedHeight()));
  }

  /// The sequencer's chain is not followed any more.
  void forget(PublicKey sequencer) {
    tips.remove(sequencer);
  }

  void certified(Chunk chunk) {
    tips.computeIfPresent(chunk.sequencer(), (key, old) -> {
      long height = chunk.height().value();
      boolean higher = old.certifiedHeight() == -1 || Long.compareUnsigned(height, old.certifiedHeight()) > 0;
      return higher ? new Tip(key, old.height(), height) : old;
    });
  }
}
