package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.codec.CheckFailed;
import dev.tenon.crypto.PublicKey;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The highest node of each sequencer: the accepted one, which decides what else is accepted, and the durable one, from
/// which alone may be signed.
final class Tips {
  /// How a chunk stands to its sequencer's accepted tip.
  enum Standing {
    /// Above it, or there is none.
    NEW,
    /// The same height and payload.
    KNOWN,
    /// Below it.
    TOO_LOW,
    /// The same height with another payload: equivocation.
    MISMATCH
  }

  private static final class Tip {
    private Node accepted;
    private @Nullable Node durable;

    private Tip(Node accepted, @Nullable Node durable) {
      this.accepted = accepted;
      this.durable = durable;
    }
  }

  private final TreeMap<PublicKey, Tip> tips = new TreeMap<>();

  /// How a chunk stands, without a change.
  Standing standing(Chunk chunk) {
    Tip tip = tips.get(chunk.sequencer());
    if (tip == null) {
      return Standing.NEW;
    }
    int order = chunk.height().compareTo(tip.accepted.chunk().height());
    if (order != 0) {
      return order > 0 ? Standing.NEW : Standing.TOO_LOW;
    }
    return chunk.payload().equals(tip.accepted.chunk().payload()) ? Standing.KNOWN : Standing.MISMATCH;
  }

  /// Accepts a node where it is new; else changes nothing.
  Standing put(Node node) {
    Standing standing = standing(node.chunk());
    if (standing == Standing.NEW) {
      Tip tip = tips.get(node.chunk().sequencer());
      if (tip == null) {
        tips.put(node.chunk().sequencer(), new Tip(node, null));
      } else {
        tip.accepted = node;
      }
    }
    return standing;
  }

  /// A node that was accepted has become durable.
  void saved(Node node) {
    Tip tip = tips.get(node.chunk().sequencer());
    if (tip == null) {
      throw new CheckFailed("what is saved was accepted");
    }
    if (tip.durable == null || node.chunk().height().compareTo(tip.durable.chunk().height()) > 0) {
      tip.durable = node;
    }
  }

  /// Forgets what was accepted and is not known to be durable.
  void forgetUnsaved(PublicKey sequencer) {
    Tip tip = tips.get(sequencer);
    if (tip == null) {
      return;
    }
    if (tip.durable == null) {
      tips.remove(sequencer);
    } else {
      tip.accepted = tip.durable;
    }
  }

  /// Forgets a sequencer, which is journalled all the same.
  void forget(PublicKey sequencer) {
    tips.remove(sequencer);
  }

  /// How many sequencers it knows.
  int size() {
    return tips.size();
  }

  /// Takes what a replay found, which is durable.
  ///
  /// @param highest the highest node of the journal
  void load(Node highest) {
    tips.put(highest.chunk().sequencer(), new Tip(highest, highest));
  }

  /// The tip that decides what is accepted.
  Optional<Node> accepted(PublicKey sequencer) {
    return Optional.ofNullable(tips.get(sequencer)).map(tip -> tip.accepted);
  }

  /// The tip that may be signed and told.
  Optional<Node> durable(PublicKey sequencer) {
    return Optional.ofNullable(tips.get(sequencer)).flatMap(tip -> Optional.ofNullable(tip.durable));
  }

  /// Whether exactly this chunk is both the accepted and the durable tip.
  boolean isSettled(Chunk chunk) {
    Tip tip = tips.get(chunk.sequencer());
    return tip != null && tip.durable != null && tip.durable.chunk().equals(chunk)
        && tip.accepted.chunk().equals(chunk);
  }
}
