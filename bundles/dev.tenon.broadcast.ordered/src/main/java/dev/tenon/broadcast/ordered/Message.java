package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Context;
import dev.tenon.broadcast.Node;
import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.p2p.Received;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.WhenFull;
import java.util.List;
import java.util.Optional;

/// What the engine handles.
///
/// Its own completions and timers come first, by the runtime's rule; they are bounded by what it has asked for. Then
/// stop, epoch changes, and what has arrived: nodes and acks lie in the [Intake], which lets them and their senders
/// take turns, and for each of them there is one [Arrived].
sealed interface Message {
  /// Messages of each lane that may wait: one for each message of the intake.
  int LANE_CAPACITY = 2 * Intake.MESSAGES_MAX;

  /// The lanes. Of epochs the newest counts.
  MailboxSpec<Message> SPEC = new MailboxSpec<>(3, LANE_CAPACITY, Message::lane, Message::whenFull);

  record Stop() implements Message {}

  record StopOverdue() implements Message {}

  record EpochChanged(Epoch epoch) implements Message {}

  record Arrived() implements Message {}

  record AckArrived(Received received) implements Message {}

  record NodeArrived(Received received) implements Message {}

  // Own questions and timers.

  record Named(Outcome<List<String>> outcome) implements Message {}

  record NamesDue() implements Message {}

  record NamesActive(Outcome<Long> outcome) implements Message {}

  record LogOpened(Log log, long attempt, Outcome<Journal> outcome) implements Message {}

  record LogRead(Log log, long attempt, Outcome<List<Entry>> outcome) implements Message {}

  record LogRetry(Log log, long attempt) implements Message {}

  record LogActive(Log log, long attempt, Outcome<Long> outcome) implements Message {}

  record NodeSaved(Chain chain, long attempt, Node node, Outcome<Durable> outcome) implements Message {}

  record SequencerChecked(Chain chain, NodeChecks.Check check, Outcome<Boolean> outcome) implements Message {}

  record ParentChecked(Chain chain, NodeChecks.Check check, Outcome<Boolean> outcome) implements Message {}

  record ParentVotesChecked(Chain chain, NodeChecks.Check check, Outcome<Verdicts> outcome) implements Message {}

  record AckChecked(AckChecks.Ballot ballot, AckChecks.Vote vote, Outcome<Boolean> outcome) implements Message {}

  record AcksChecked(AckChecks.Ballot ballot, List<AckChecks.Vote> votes, Outcome<Verdicts> outcome)
      implements Message {}

  record Judged(Chain chain, Chunk chunk, long startNs, Outcome<Boolean> outcome) implements Message {}

  record AckSigned(Chain chain, Chunk chunk, Epoch epoch, Outcome<Optional<Attestation>> outcome)
      implements Message {}

  record Proposed(Context context, Outcome<Digest> outcome) implements Message {}

  record IntentSaved(Chunk chunk, long attempt, Outcome<Durable> outcome) implements Message {}

  record ChunkSigned(Chunk chunk, Outcome<Signature> outcome) implements Message {}

  record ProposeAgain() implements Message {}

  record RebroadcastDue() implements Message {}

  private static int lane(Message message) {
    return switch (message) {
      case Stop stop -> 0;
      case EpochChanged changed -> 1;
      case Arrived arrived -> 2;
      case NodeArrived taken -> 2;
      case AckArrived taken -> 2;
      case StopOverdue own -> 2;
      case Named own -> 2;
      case NamesDue own -> 2;
      case NamesActive own -> 2;
      case LogOpened own -> 2;
      case LogRead own -> 2;
      case LogRetry own -> 2;
      case LogActive own -> 2;
      case NodeSaved own -> 2;
      case SequencerChecked own -> 2;
      case ParentChecked own -> 2;
      case ParentVotesChecked own -> 2;
      case AckChecked own -> 2;
      case AcksChecked own -> 2;
      case Judged own -> 2;
      case AckSigned own -> 2;
      case Proposed own -> 2;
      case IntentSaved own -> 2;
      case ChunkSigned own -> 2;
      case ProposeAgain own -> 2;
      case RebroadcastDue own -> 2;
    };
  }

  private static WhenFull whenFull(Message message) {
    return message instanceof EpochChanged ? WhenFull.REPLACE_OLDEST
        : message instanceof Stop || message instanceof Arrived ? WhenFull.SATISFIED : WhenFull.REJECT;
  }
}
