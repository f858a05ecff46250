package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.runtime.Completion;
import org.jspecify.annotations.Nullable;

/// What the engine does for one sequencer: its journal, the node being checked, the one that waits, the verdict asked
/// for.
final class Chain implements Log.Owner {
  final PublicKey sequencer;
  final Log log;
  private final Desk desk;
  private final Engine engine;
  private @Nullable Node replayed; // the highest of a replay; of equal heights the first

  /// The one node whose signatures are being checked.
  NodeChecks.@Nullable Check check;
  /// The highest node that arrived meanwhile, as received.
  @Nullable
  Bytes waiting;
  /// Unsigned; only where one waits.
  long waitingHeight;
  /// The one chunk the application is asked about.
  @Nullable
  Chunk judged;
  @Nullable
  Completion<Boolean> verdict;
  /// When it was asked, of the monotonic clock.
  long judgedNs;
  /// How long its answer is waited for before a repetition asks anew.
  long patienceMs;

  Chain(Desk desk, Engine engine, PublicKey sequencer) {
    this.desk = desk;
    this.engine = engine;
    this.sequencer = sequencer;
    log = new Log(desk, desk.settings.journalPrefix() + sequencer.bytes().hex(), "the journal of " + sequencer, this);
  }

  @Override
  public void replay(Bytes item) {
    Node node = desk.storedNodes.decode(item);
    if (replayed == null || node.chunk().height().compareTo(replayed.chunk().height()) > 0) {
      replayed = node;
    }
  }

  @Override
  public void ready() {
    Node found = replayed;
    replayed = null;
    Node known = desk.tips.durable(sequencer).orElse(null);
    if (known != null && (found == null || found.chunk().height().compareTo(known.chunk().height()) < 0
        || (found.chunk().height().equals(known.chunk().height()) && !found.chunk().equals(known.chunk())))) {
      log.damaged("lost what it acknowledged");
      return;
    }
    if (found != null) {
      if (!found.chunk().sequencer().equals(sequencer)) {
        log.damaged("holds a node of another sequencer");
        return;
      }
      desk.tips.load(found);
      desk.status.tip(found.chunk());
      desk.metrics.height(found.chunk());
    }
    engine.chainReady(this);
  }

  @Override
  public void lost() {
    replayed = null;
    desk.tips.forgetUnsaved(sequencer);
    engine.chainLost(this);
  }

  @Override
  public void troubled() {
    engine.troubled();
  }

  /// Ends what is under way; of what comes back later nothing counts.
  void end() {
    cancelVerdict();
    log.close();
    check = null;
    waiting = null;
    replayed = null;
  }

  /// Asks the application no more.
  void cancelVerdict() {
    if (verdict != null) {
      verdict.cancel();
    }
    verdict = null;
    judged = null;
  }
}
