package dev.tenon.scenarios;

import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.broadcast.Parent;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.Writer;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.p2p.Channel;
import dev.tenon.p2p.local.LocalTransport;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.sim.SimNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A validator and sequencer that keeps to no rule: it sends different chunks of one height to different nodes, votes
/// for all of them, sends what is forged, old, far ahead or garbage, and floods.
final class Villain {
  private static final int LANE = 1_024;
  private static final long TICK_MS = 5;
  private static final int FLOOD = 40;
  private static final int VARIANTS = 2;

  sealed interface Message {
    record Acked(Ack ack) implements Message {}

    record Tick() implements Message {}
  }

  private final World world;
  private final SignatureAlgorithm.SigningKey key;
  private final BroadcastCodecs codecs;
  private final List<Node> sent = new ArrayList<>();
  private final TreeMap<Digest, TreeMap<Integer, Attestation>> votes = new TreeMap<>(); // at this height
  private long height;
  private long tries;
  private Optional<Parent> parent = Optional.empty();

  Villain(World world, SignatureAlgorithm.SigningKey key) {
    this.world = world;
    this.key = key;
    codecs = world.codecs();
  }

  void boot(SimNode node) {
    node.runtime().spawn("villain", MailboxSpec.<Message>oneLane(LANE), context -> new Mind(node, context));
  }

  private final class Mind implements Actor<Message> {
    private final SimNode node;
    private final Context<Message> context;
    private @Nullable Channel nodes;
    private @Nullable Channel acks;

    Mind(SimNode node, Context<Message> context) {
      this.node = node;
      this.context = context;
    }

    @Override
    public void start() {
      var transport = new LocalTransport(node.runtime());
      nodes = transport.channel(key.publicKey(), World.NODES, World.MESSAGE_BYTES_MAX, received -> Offer.OK);
      acks = transport.channel(key.publicKey(), World.ACKS, World.MESSAGE_BYTES_MAX, received -> {
        try {
          return context.self().offer(new Message.Acked(codecs.ack().decode(received.message())));
        } catch (InvalidDataException e) {
          return Offer.OK;
        }
      });
      context.after(TICK_MS, new Message.Tick());
    }

    @Override
    public void handle(Message message) {
      switch (message) {
        case Message.Acked(var ack) -> acked(ack);
        case Message.Tick() -> {
          act();
          context.after(TICK_MS, new Message.Tick());
        }
      }
    }

    private void acked(Ack ack) {
      Chunk chunk = ack.chunk();
      if (!chunk.sequencer().equals(key.publicKey())) {
        echo(ack);
        return;
      }
      if (chunk.height().value() != height) {
        return;
      }
      TreeMap<Integer, Attestation> same = votes.computeIfAbsent(chunk.payload(), payload -> new TreeMap<>());
      same.put(ack.attestation().signer(), ack.attestation());
      Participants participants = world.validators(ack.epoch().value());
      Attestation own = vote(chunk, ack.epoch());
      same.put(own.signer(), own);
      if (same.size() >= participants.quorum()) {
        world.scheme(ack.epoch()).assemble(List.copyOf(same.values())).ifPresent(certificate -> {
          parent = Optional.of(new Parent(chunk.payload(), ack.epoch(), certificate));
          height++;
          tries = 0;
          votes.clear();
        });
      }
    }

    /// Votes for what others made, now and then for something else too.
    private void echo(Ack ack) {
      Chunk chunk = ack.chunk();
      if (world.dice().happens(0.3)) {
        chunk = new Chunk(chunk.sequencer(), chunk.height(), digest(chunk.height().value(), 99));
      }
      sendAck(new Ack(chunk, ack.epoch(), vote(chunk, ack.epoch())));
    }

    private void act() {
      switch (world.dice().below(12)) {
        case 0, 1, 2, 3 -> equivocate();
        case 4 -> sendNode(signed(chunk(height, 0), parent), everybody());
        case 5 -> forged();
        case 6 -> again();
        case 7 -> ahead();
        case 8 -> garbage();
        case 9 -> flood();
        case 10 -> forgedAck();
        default -> {}
      }
    }

    /// Each node gets one of two chunks; if that leads nowhere, in the end all get the same.
    private void equivocate() {
      tries++;
      for (PublicKey each : everybody()) {
        int variant = tries > 10 ? 0 : world.dice().below(VARIANTS);
        sendNode(signed(chunk(height, variant), parent), List.of(each));
      }
    }

    private void forged() {
      Node honest = signed(chunk(height, 0), parent);
      sendNode(new Node(chunk(height, 1), honest.signature(), parent), everybody());
    }

    private void again() {
      if (!sent.isEmpty()) {
        sendNode(world.dice().one(sent), everybody());
      }
    }

    private void ahead() {
      if (parent.isPresent()) {
        sendNode(signed(chunk(height + world.dice().below(1_000), 0), parent), everybody());
      }
    }

    private void garbage() {
      var bytes = new Writer(32);
      for (int i = 0; i < 4; i++) {
        bytes.u64(world.dice().number());
      }
      Bytes noise = bytes.finish();
      send(nodes, noise, everybody());
      send(acks, noise, everybody());
      if (!sent.isEmpty()) {
        Bytes whole = codecs.node().encode(world.dice().one(sent));
        send(nodes, whole.slice(0, world.dice().below(whole.size())), everybody());
      }
    }

    private void flood() {
      Node honest = signed(chunk(height, 0), parent);
      for (int i = 0; i < FLOOD; i++) {
        Node forged = new Node(chunk(height, 2 + i), honest.signature(), parent);
        sendNode(forged, everybody());
        forgedAck();
      }
    }

    private void forgedAck() {
      PublicKey chain = world.dice().one(world.sequencers().keys());
      long at = Math.max(0, world.witness().certifiedTip(chain) + world.dice().below(5) - 1);
      var forged = new Chunk(chain, new Height(at), digest(at, world.dice().below(50)));
      var epoch = new Epoch(world.epoch().value() + world.dice().below(4) - 1);
      int signer = world.dice().below(5);
      var noise = new Attestation(signer, key.sign(Bytes.EMPTY).bytes());
      sendAck(new Ack(forged, epoch, world.dice().happens(0.5) ? noise : vote(forged, epoch)));
    }

    private void sendNode(Node made, List<PublicKey> to) {
      if (sent.size() < 64) {
        sent.add(made);
      }
      send(nodes, codecs.node().encode(made), to);
    }

    private void sendAck(Ack ack) {
      send(acks, codecs.ack().encode(ack), everybody());
    }

    private static void send(@Nullable Channel channel, Bytes message, List<PublicKey> to) {
      if (channel != null) {
        channel.send(to, message, false);
      }
    }
  }

  private List<PublicKey> everybody() {
    return world.members().stream().map(Member::publicKey).toList();
  }

  private Attestation vote(Chunk chunk, Epoch epoch) {
    Bytes framed = new Subject(suffixed("_ACK"), chunk.ackMessage(codecs.chunk(), epoch)).framed();
    return new Attestation(Math.max(0, world.validators(epoch.value()).indexOf(key.publicKey())),
        key.sign(framed).bytes());
  }

  private Node signed(Chunk chunk, Optional<Parent> below) {
    Signature signature = key.sign(Framing.framed(suffixed("_CHUNK"), codecs.chunk().encode(chunk)));
    return new Node(chunk, signature, chunk.height().value() == 0 ? Optional.empty() : below);
  }

  private Chunk chunk(long at, int variant) {
    return new Chunk(key.publicKey(), new Height(at), digest(at, variant));
  }

  private static Digest digest(long at, int variant) {
    var payload = new Writer(Digest.SIZE);
    payload.u64(-1);
    payload.u64(at);
    payload.u64(variant);
    payload.u64(0);
    return new Digest(payload.finish());
  }

  private static Bytes suffixed(String suffix) {
    return World.NAMESPACE.concat(Bytes.wrap(suffix.getBytes(StandardCharsets.US_ASCII)));
  }
}
