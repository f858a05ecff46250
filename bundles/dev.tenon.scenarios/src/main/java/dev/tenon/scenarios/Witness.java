package dev.tenon.scenarios;

import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.broadcast.Parent;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.Reader;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Stands outside of all nodes and remembers over all crashes what honest ones signed, sent and heard to be certified.
/// It says at once what contradicts an earlier thing, with a check of signatures that shares no code with the engine.
final class Witness {
  /// More would say the same again.
  static final int VIOLATIONS_MAX = 20;

  /// One node's word on one chain.
  private record Voice(String node, PublicKey sequencer) implements Comparable<Voice> {
    @Override
    public int compareTo(Voice other) {
      int byNode = node.compareTo(other.node);
      return byNode != 0 ? byNode : sequencer.compareTo(other.sequencer);
    }
  }

  private final Bytes namespace;
  private final SignatureAlgorithm algorithm;
  private final Codec<Chunk> chunks;
  private final Codec<Node> nodes;
  private final LongFunction<Participants> validators;
  private final Function<PublicKey, String> honest;
  private final TreeMap<Voice, NavigableMap<Height, Digest>> votes = new TreeMap<>();
  private final TreeMap<PublicKey, NavigableMap<Height, Digest>> signed = new TreeMap<>();
  private final TreeMap<PublicKey, NavigableMap<Height, Digest>> sent = new TreeMap<>();
  private final TreeMap<PublicKey, NavigableMap<Height, Digest>> certified = new TreeMap<>();
  private final TreeMap<Voice, Height> heard = new TreeMap<>();
  private final Set<Bytes> checked = new HashSet<>(); // asked only, never iterated
  private final TreeSet<Bytes> seen = new TreeSet<>();
  private final List<String> violations = new ArrayList<>();
  private long news;

  /// @param namespace the application's
  /// @param algorithm of all keys
  /// @param codecs with certificates of any epoch
  /// @param validators by epoch
  /// @param honest the node that a key belongs to; empty for the villain's
  Witness(Bytes namespace, SignatureAlgorithm algorithm, BroadcastCodecs codecs, LongFunction<Participants> validators,
      Function<PublicKey, String> honest) {
    this.namespace = namespace;
    this.algorithm = algorithm;
    this.chunks = codecs.chunk();
    this.nodes = codecs.node();
    this.validators = validators;
    this.honest = honest;
  }

  List<String> violations() {
    return violations;
  }

  /// Grows whenever anything new was seen.
  long news() {
    return news;
  }

  void violated(String text) {
    news++;
    if (violations.size() < VIOLATIONS_MAX && !violations.contains(text)) {
      violations.add(text);
    }
  }

  /// A node asks its key for a signature: the one place where anything of it can begin.
  void signs(String node, Bytes ofNamespace, Bytes message) {
    news++;
    var reader = new Reader(message);
    Chunk chunk = chunks.read(reader);
    if (ofNamespace.equals(suffixed("_CHUNK"))) {
      chain(signed, chunk, node + " signed two chunks of its own");
    } else if (ofNamespace.equals(suffixed("_ACK"))) {
      NavigableMap<Height, Digest> before =
          votes.computeIfAbsent(new Voice(node, chunk.sequencer()), voice -> new TreeMap<>());
      if (!before.isEmpty() && chunk.height().compareTo(before.lastKey()) < 0) {
        violated(node + " voted for height " + chunk.height() + " of " + name(chunk.sequencer()) + " after height "
            + before.lastKey());
      }
      put(before, chunk, node + " voted for two chunks of " + name(chunk.sequencer()));
    } else {
      violated(node + " signed in an unknown namespace " + ofNamespace.hex());
    }
  }

  /// An honest sequencer sends a node.
  void sends(String node, Bytes message) {
    if (!seen.add(message)) {
      return;
    }
    Node parsed = nodes.decode(message);
    if (signed.getOrDefault(parsed.chunk().sequencer(), new TreeMap<>()).get(parsed.chunk().height()) == null) {
      violated(node + " sent a chunk that it never signed");
    }
    chain(sent, parsed.chunk(), node + " sent two chunks");
    checkNode(node + " sent", parsed);
  }

  /// An honest node heard of a certificate.
  void certified(String node, Chunk chunk, Epoch epoch, Certificate certificate) {
    news++;
    checkCertificate(node + " reported", chunk, epoch, certificate);
    heard.merge(new Voice(node, chunk.sequencer()), chunk.height(), (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  /// Signature, parent and its certificate.
  void checkNode(String who, Node node) {
    Chunk chunk = node.chunk();
    if (!verified(chunk.sequencer(), Framing.framed(suffixed("_CHUNK"), chunks.encode(chunk)), node.signature())) {
      violated(who + " a node with a wrong signature at height " + chunk.height());
    }
    Optional<Parent> parent = node.parent();
    if (parent.isEmpty() != (chunk.height().value() == 0)) {
      violated(who + " height " + chunk.height() + (parent.isEmpty() ? " without a parent" : " with a parent"));
    }
    if (parent.isPresent()) {
      var below = new Chunk(chunk.sequencer(), new Height(chunk.height().value() - 1), parent.get().digest());
      checkCertificate(who + " as a parent", below, parent.get().epoch(), parent.get().certificate());
    }
  }

  /// A certificate counts for its chunk, and no other chunk has that place.
  private void checkCertificate(String who, Chunk chunk, Epoch epoch, Certificate certificate) {
    Bytes framed = new Subject(suffixed("_ACK"), chunk.ackMessage(chunks, epoch)).framed();
    if (!checked.add(framed.concat(certificate.encoded()))) {
      return;
    }
    Participants participants = validators.apply(epoch.value());
    var signers = new TreeSet<Integer>();
    for (Attestation vote : certificate.attestations()) {
      if (vote.signer() >= participants.count() || !signers.add(vote.signer())) {
        violated(who + " a certificate with a strange signer " + vote.signer());
        return;
      }
      PublicKey key = participants.key(vote.signer());
      if (!verified(key, framed, new Signature(vote.signature()))) {
        violated(who + " a certificate with a wrong vote of " + name(key));
      }
      String node = honest.apply(key);
      if (!node.isEmpty() && voted(node, chunk.sequencer(), chunk.height()).filter(chunk.payload()::equals).isEmpty()) {
        violated(who + " a vote that " + node + " never gave");
      }
    }
    if (signers.size() < participants.quorum()) {
      violated(who + " a certificate of " + signers.size() + " votes");
    }
    chain(certified, chunk, "two chunks were certified");
  }

  /// At the end: certified heights have no gap.
  void checkChains() {
    certified.forEach((sequencer, heights) -> {
      if (heights.firstKey().value() != 0 || heights.lastKey().value() != heights.size() - 1) {
        violated("certificates of " + name(sequencer) + " have a gap: " + heights.keySet());
      }
    });
  }

  Optional<Digest> voted(String node, PublicKey sequencer, Height height) {
    return Optional.ofNullable(votes.getOrDefault(new Voice(node, sequencer), new TreeMap<>()).get(height));
  }

  /// The highest height that a node voted for; -1 for none.
  long votedTip(String node, PublicKey sequencer) {
    return tip(votes.get(new Voice(node, sequencer)));
  }

  /// The highest height that a sequencer signed; -1 for none.
  long signedTip(PublicKey sequencer) {
    return tip(signed.get(sequencer));
  }

  /// The highest height that a sequencer sent; -1 for none.
  long sentTip(PublicKey sequencer) {
    return tip(sent.get(sequencer));
  }

  /// The highest height that anybody heard to be certified; -1 for none.
  long certifiedTip(PublicKey sequencer) {
    return tip(certified.get(sequencer));
  }

  /// The highest certified height that one node heard of; -1 for none.
  long heardTip(String node, PublicKey sequencer) {
    Height height = heard.get(new Voice(node, sequencer));
    return height == null ? -1 : height.value();
  }

  /// What is known to stand at a height of a chain: certified, sent or signed.
  Optional<Digest> known(PublicKey sequencer, Height height) {
    return Optional.ofNullable(certified.getOrDefault(sequencer, new TreeMap<>()).get(height))
        .or(() -> Optional.ofNullable(signed.getOrDefault(sequencer, new TreeMap<>()).get(height)));
  }

  String name(PublicKey key) {
    String node = honest.apply(key);
    return node.isEmpty() ? "the villain" : node;
  }

  private void chain(Map<PublicKey, NavigableMap<Height, Digest>> into, Chunk chunk, String what) {
    put(into.computeIfAbsent(chunk.sequencer(), key -> new TreeMap<>()), chunk, what);
  }

  private void put(Map<Height, Digest> into, Chunk chunk, String what) {
    Digest before = into.putIfAbsent(chunk.height(), chunk.payload());
    if (before != null && !before.equals(chunk.payload())) {
      violated(what + " at height " + chunk.height() + " of " + name(chunk.sequencer()));
    }
  }

  private boolean verified(PublicKey key, Bytes framed, Signature signature) {
    return algorithm.verify(key, framed, signature);
  }

  private Bytes suffixed(String suffix) {
    return namespace.concat(Bytes.wrap(suffix.getBytes(StandardCharsets.US_ASCII)));
  }

  private static long tip(@Nullable NavigableMap<Height, Digest> heights) {
    return heights == null || heights.isEmpty() ? -1 : heights.lastKey().value();
  }
}
