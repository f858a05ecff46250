package dev.tenon.scenarios;

import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Reads every journal of nodes on which no engine runs, and compares them with what the witness knows: what was voted
/// for, signed, sent or certified has to be there.
final class Audit {
  private static final Duration OPEN_WITHIN = Duration.ofMinutes(1);
  private static final String INTENT = "-intent";

  private final World world;
  private final Witness witness;
  private final Codec<Node> nodes;
  private final Codec<Chunk> chunks;

  Audit(World world) {
    this.world = world;
    witness = world.witness();
    nodes = world.codecs().node();
    chunks = world.codecs().chunk();
  }

  void run() {
    for (Member member : world.members()) {
      if (!world.simulation().runUntil(() -> member.journals().isPresent(), OPEN_WITHIN)) {
        witness.violated(member.name() + " does not open its journals: " + member.slots());
        continue;
      }
      JournalStore store = member.journals().orElseThrow();
      List<String> names = world.simulation().await(member.node(), store::names);
      for (PublicKey sequencer : world.sequencers().keys()) {
        String name = Member.PREFIX + sequencer.bytes().hex();
        nodes(member, sequencer, names.contains(name) ? read(member, store, name) : List.of());
        if (sequencer.equals(member.publicKey())) {
          intents(member, names.contains(name + INTENT) ? read(member, store, name + INTENT) : List.of());
        }
      }
    }
  }

  /// A chain as one node keeps it.
  private void nodes(Member member, PublicKey sequencer, List<Bytes> items) {
    String who = member.name() + " keeps of " + witness.name(sequencer);
    TreeMap<Height, Digest> kept = new TreeMap<>();
    for (Bytes item : items) {
      try {
        Node node = nodes.decode(item);
        if (!node.chunk().sequencer().equals(sequencer)) {
          witness.violated(who + " a node of " + witness.name(node.chunk().sequencer()));
          continue;
        }
        witness.checkNode(who, node);
        keep(who, kept, node.chunk());
      } catch (InvalidDataException e) {
        witness.violated(who + " what is no node: " + e.getMessage());
      }
    }
    holds(who, "voted for", kept, witness.votedTip(member.name(), sequencer));
    kept.forEach((height, payload) -> witness.voted(member.name(), sequencer, height).filter(
        voted -> !voted.equals(payload)).ifPresent(
            voted -> witness.violated(who + " another chunk than it voted for at height " + height)));
    if (sequencer.equals(member.publicKey())) {
      holds(who, "sent", kept, witness.sentTip(sequencer));
      holds(who, "certified", kept, witness.certifiedTip(sequencer));
      known(who, sequencer, kept);
    }
  }

  private void intents(Member member, List<Bytes> items) {
    String who = member.name() + " intends";
    TreeMap<Height, Digest> kept = new TreeMap<>();
    items.forEach(item -> keep(who, kept, chunks.decode(item)));
    holds(who, "signed", kept, witness.signedTip(member.publicKey()));
    known(who, member.publicKey(), kept);
  }

  private void known(String who, PublicKey sequencer, NavigableMap<Height, Digest> kept) {
    kept.forEach((height, payload) -> witness.known(sequencer, height).filter(known -> !known.equals(payload))
        .ifPresent(known -> witness.violated(who + " another chunk than was signed or certified at height " + height)));
  }

  private void keep(String who, NavigableMap<Height, Digest> kept, Chunk chunk) {
    Digest before = kept.putIfAbsent(chunk.height(), chunk.payload());
    if (before != null && !before.equals(chunk.payload())) {
      witness.violated(who + " two chunks at height " + chunk.height());
    }
  }

  private void holds(String who, String what, NavigableMap<Height, Digest> kept, long promised) {
    long tip = kept.isEmpty() ? -1 : kept.lastKey().value();
    if (tip < promised) {
      witness.violated(who + " heights up to " + tip + ", and height " + promised + " was " + what);
    }
  }

  private List<Bytes> read(Member member, JournalStore store, String name) {
    Journal journal = world.simulation().await(member.node(), () -> store.journal(name));
    List<Bytes> items = new ArrayList<>();
    long section = journal.floor();
    long index = 0;
    while (true) {
      long fromSection = section;
      long fromIndex = index;
      List<Entry> entries = world.simulation().await(member.node(), () -> journal.replay(fromSection, fromIndex));
      if (entries.isEmpty()) {
        return items;
      }
      entries.forEach(entry -> items.add(entry.item()));
      section = entries.getLast().section();
      index = entries.getLast().index() + 1;
    }
  }
}
