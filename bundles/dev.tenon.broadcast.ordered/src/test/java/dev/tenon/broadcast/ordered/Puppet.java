package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.broadcast.Parent;
import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.jvm.BatchedVerifier;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.p2p.Channel;
import dev.tenon.p2p.local.LocalTransport;
import dev.tenon.runtime.Offer;
import dev.tenon.scheme.ec.EcSchemes;
import dev.tenon.sim.SimNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// A sequencer without an engine: the test makes its nodes and reads the acks it gets.
final class Puppet {
  private static final long EPOCH = 111;

  private final World world;
  private final SignatureAlgorithm.SigningKey key;
  private final EcSchemes schemes;
  private final BroadcastCodecs codecs;
  private final Channel nodes;
  private final Channel ackLine;
  private long forged;
  private final TreeMap<Long, TreeMap<Integer, Ack>> acks = new TreeMap<>();
  private final TreeMap<Long, Parent> parents = new TreeMap<>();

  Puppet(World world, SimNode host, SignatureAlgorithm algorithm, SignatureAlgorithm.SigningKey key) {
    this.world = world;
    this.key = key;
    schemes = new EcSchemes(host.runtime(), algorithm, new BatchedVerifier(host.runtime(), algorithm));
    schemes.register(EPOCH, world.validators(), Optional.empty());
    codecs = new BroadcastCodecs(algorithm.keySize(), algorithm.signatureSize(), any -> true,
        schemes.attestationCodec(), epoch -> Optional.of(schemes.storedCertificateCodec()));
    var transport = new LocalTransport(host.runtime());
    nodes = transport.channel(key.publicKey(), "broadcast-nodes", 1 << 20, received -> Offer.OK);
    ackLine = transport.channel(key.publicKey(), "broadcast-acks", 1 << 20, received -> {
      Ack ack = codecs.ack().decode(received.message());
      acks.computeIfAbsent(ack.chunk().height().value(), height -> new TreeMap<>()).put(ack.attestation().signer(),
          ack);
      return Offer.OK;
    });
  }

  PublicKey key() {
    return key.publicKey();
  }

  /// How many validators acked a height.
  int acks(long height) {
    return acks.getOrDefault(height, new TreeMap<>()).size();
  }

  void forget() {
    acks.clear();
  }

  /// A node whose parent is certified by the acks received so far.
  Node node(long height, int variant) {
    Digest payload = payload(height, variant);
    Optional<Parent> parent = Optional.empty();
    if (height > 0) {
      parent = Optional.of(parents.computeIfAbsent(height, at -> {
        List<Attestation> votes = new ArrayList<>();
        acks.getOrDefault(at - 1, new TreeMap<>()).values().forEach(ack -> votes.add(ack.attestation()));
        return new Parent(payload(at - 1, 0), new Epoch(EPOCH),
            schemes.scoped(EPOCH).orElseThrow().assemble(votes).orElseThrow());
      }));
    }
    return signed(new Chunk(key(), new Height(height), payload), parent);
  }

  /// Another node of the same height.
  Node other(Node node) {
    long height = node.chunk().height().value();
    return signed(new Chunk(key(), node.chunk().height(), payload(height, 1)), node.parent());
  }

  void send(Node node, Bytes trailing) {
    nodes.send(world.validators().keys(), codecs.node().encode(node).concat(trailing), false);
  }

  void sendTo(int validator, Node node) {
    nodes.send(List.of(world.key(validator)), codecs.node().encode(node), false);
  }

  /// A well-signed node whose parent's certificate is made up.
  Node unproven(long height) {
    List<Attestation> votes = new ArrayList<>();
    for (int signer = 0; signer < world.validators().quorum(); signer++) {
      votes.add(forged(signer));
    }
    var parent = new Parent(payload(height - 1, 0), new Epoch(EPOCH),
        schemes.scoped(EPOCH).orElseThrow().assemble(votes).orElseThrow());
    return signed(new Chunk(key(), new Height(height), payload(height, 0)), Optional.of(parent));
  }

  /// An ack that only its signature betrays.
  void sendForgedAckTo(int validator, PublicKey sequencer, long height) {
    var chunk = new Chunk(sequencer, new Height(height), World.Texts.digest(sequencer, height));
    var ack = new Ack(chunk, new Epoch(EPOCH), forged(world.validators().indexOf(key())));
    ackLine.send(List.of(world.key(validator)), codecs.ack().encode(ack), false);
  }

  /// A valid ack of its own, as a validator.
  void sendAckTo(int validator, PublicKey sequencer, long height, long epoch) {
    var chunk = new Chunk(sequencer, new Height(height), World.Texts.digest(sequencer, height));
    Bytes namespace = World.NAMESPACE.concat(Bytes.wrap("_ACK".getBytes(StandardCharsets.US_ASCII)));
    Bytes signature =
        key.sign(Framing.framed(namespace, chunk.ackMessage(codecs.chunk(), new Epoch(epoch)))).bytes();
    var vote = new Attestation(world.validators().indexOf(key()), signature);
    ackLine.send(List.of(world.key(validator)), codecs.ack().encode(new Ack(chunk, new Epoch(epoch), vote)), false);
  }

  /// Bytes that are neither a node nor an ack, on both channels.
  void sendNoiseTo(int validator, Bytes noise) {
    nodes.send(List.of(world.key(validator)), noise, false);
    ackLine.send(List.of(world.key(validator)), noise, false);
  }

  private Attestation forged(int signer) {
    byte[] signature = new byte[64];
    for (int i = 0; i < Long.BYTES; i++) {
      signature[i] = (byte) (forged >>> (8 * i));
    }
    forged++;
    return new Attestation(signer, Bytes.wrap(signature));
  }

  private Node signed(Chunk chunk, Optional<Parent> parent) {
    Bytes namespace = World.NAMESPACE.concat(Bytes.wrap("_CHUNK".getBytes(StandardCharsets.US_ASCII)));
    return new Node(chunk, key.sign(Framing.framed(namespace, codecs.chunk().encode(chunk))), parent);
  }

  private Digest payload(long height, int variant) {
    byte[] bytes = World.Texts.digest(key(), height).bytes().toArray();
    bytes[16] = (byte) variant;
    return new Digest(Bytes.wrap(bytes));
  }
}
