package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Lock;
import dev.tenon.broadcast.Node;
import dev.tenon.broadcast.Parent;
import dev.tenon.broadcast.Proposal;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.InvalidDataException.Rule;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.crypto.SignatureAlgorithm.SigningKey;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.runtime.Completion;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One chain of a file: a sequencer and the validators of an epoch.
///
/// Source of the signed bytes: spec/ordered-broadcast.md.
final class BroadcastChain {
  /// y = 2 is the height of no point of the curve.
  private static final Bytes NO_KEY = Bytes.of((byte) 2).concat(Bytes.of(new byte[WireTypes.KEY_SIZE - 1]));

  private final String name;
  private final JsonNode root;
  private final VectorServices services;
  private final Cases cases;
  private final Simulation simulation;
  private final List<CertificateScheme> schemes = new ArrayList<>();
  private final List<SimNode> nodes = new ArrayList<>();
  private final SigningKey sequencer;
  private final Epoch epoch;
  private final BroadcastCodecs codecs;

  BroadcastChain(String name, JsonNode root, VectorServices services, Simulation simulation, Cases cases) {
    this.name = name;
    this.root = root;
    this.services = services;
    this.simulation = simulation;
    this.cases = cases;
    this.epoch = new Epoch(root.required("epoch").asLong());
    this.sequencer = key(root.required("sequencer"));
    List<SigningKey> keys = new ArrayList<>();
    root.required("participants").forEach(each -> keys.add(key(each)));
    Participants participants = Participants.of(keys.stream().map(SigningKey::publicKey).toList());
    SchemeProvider last = null;
    for (SigningKey key : keys) {
      SimNode node = simulation.node("v" + nodes.size(), booted -> {});
      last = services.schemes().apply(node.runtime());
      last.register(epoch.value(), participants, Optional.of(new ScenarioKey(node.runtime(), key)));
      nodes.add(node);
      schemes.add(last.scoped(epoch.value()).orElseThrow());
    }
    if (last == null) {
      throw new IllegalArgumentException("a chain has a participant");
    }
    SchemeProvider provider = last;
    this.codecs = new BroadcastCodecs(services.ed25519().keySize(), services.ed25519().signatureSize(),
        services.ed25519()::isKey, provider.attestationCodec(),
        asked -> provider.scoped(asked).map(CertificateScheme::certificateCodec));
  }

  /// Public keys from secret ones, their order, the quorum.
  void keys() {
    Participants participants = schemes.getFirst().participants();
    cases.same(name + " quorum", root.required("quorum").asText(), String.valueOf(participants.quorum()));
    cases.same(name + " sequencer", root.required("sequencer").required("public_key").asText(),
        sequencer.publicKey().bytes().hex());
    int index = 0;
    for (JsonNode each : root.required("participants")) {
      int place = each.required("index").asInt();
      cases.same(name + " participant " + index, each.required("public_key").asText(),
          participants.key(place).bytes().hex());
      cases.same(name + " index " + index, String.valueOf(place), String.valueOf(schemes.get(index++).me()));
    }
  }

  /// @param row a height of the chain
  /// @param below the height below it
  void node(JsonNode row, Optional<JsonNode> below) {
    String at = name + " height " + row.required("height").asText() + " ";
    Bytes preimage = Bytes.wrap(row.required("payload_preimage").asText().getBytes(StandardCharsets.UTF_8));
    Digest payload = services.sha256().hash(preimage);
    cases.same(at + "payload", row.required("payload").asText(), payload.bytes().hex());
    var chunk = new Chunk(sequencer.publicKey(), new Height(row.required("height").asLong()), payload);
    chunk(at, row, chunk);
    Signature signature = new Signature(bytes(row, "chunk_signature"));
    Optional<Parent> parent = below.map(this::parent);
    parent.ifPresent(expected -> twoWays(at + "parent", codecs.parent(), expected,
        bytes(row, "node").slice(codecs.proposal().size(new Proposal(chunk, signature)) + 1,
            bytes(row, "node").size())));
    twoWays(at + "node", codecs.node(), new Node(chunk, signature, parent), bytes(row, "node"));
    Subject subject = subject(row, chunk);
    List<Attestation> votes = votes(at, row, chunk, subject);
    Certificate certificate = certificate(at, row, subject, votes);
    var lock = new Lock(chunk, epoch, certificate);
    var proposal = new Proposal(chunk, signature);
    twoWays(at + "lock", codecs.lock(), lock, bytes(row, "lock"));
    twoWays(at + "proposal", codecs.proposal(), proposal, codecs.chunk().encode(chunk).concat(signature.bytes()));
    twoWays(at + "activity_tip", codecs.activity(), new Activity.Tip(proposal), bytes(row, "activity_tip"));
    twoWays(at + "activity_lock", codecs.activity(), new Activity.Locked(lock), bytes(row, "activity_lock"));
    refuseNoKey(at, row);
  }

  private void chunk(String at, JsonNode row, Chunk chunk) {
    twoWays(at + "chunk", codecs.chunk(), chunk, bytes(row, "chunk"));
    Bytes signed = Framing.framed(namespace("_CHUNK"), codecs.chunk().encode(chunk));
    cases.same(at + "chunk_signed_bytes", row.required("chunk_signed_bytes").asText(), signed.hex());
    Signature signature = new Signature(bytes(row, "chunk_signature"));
    cases.same(at + "chunk_signature", signature.bytes().hex(), sequencer.sign(signed).bytes().hex());
    PublicKey key = sequencer.publicKey();
    holds(at + "chunk_signature is valid", () -> services.ed25519().verify(key, signed, signature)
        && services.ed25519().verifyAll(List.of(new Item(key, signed, signature)), Ed25519Signatures.weights()));
  }

  private Parent parent(JsonNode below) {
    Certificate certificate = schemes.getFirst().certificateCodec().decode(bytes(below, "certificate"));
    return new Parent(new Digest(bytes(below, "payload")), epoch, certificate);
  }

  private Subject subject(JsonNode row, Chunk chunk) {
    var subject = new Subject(namespace("_ACK"), chunk.ackMessage(codecs.chunk(), epoch));
    cases.same(name + " height " + row.required("height").asText() + " ack_signed_bytes",
        row.required("ack_signed_bytes").asText(), subject.framed().hex());
    return subject;
  }

  /// Each validator's vote, made by its own node and verified by another one, alone and together.
  private List<Attestation> votes(String at, JsonNode row, Chunk chunk, Subject subject) {
    var votes = new ArrayList<Attestation>();
    JsonNode acks = row.required("acks");
    cases.same(at + "acks", String.valueOf(schemes.size()), String.valueOf(acks.size()));
    for (int i = 0; i < schemes.size(); i++) {
      CertificateScheme signer = schemes.get(i);
      Attestation vote = await(i, () -> signer.sign(subject)).orElseThrow();
      twoWays(at + "ack " + i, codecs.ack(), new Ack(chunk, epoch, vote), Bytes.ofHex(acks.path(i).asText()));
      CertificateScheme other = schemes.get((i + 1) % schemes.size());
      int node = (i + 1) % schemes.size();
      holds(at + "ack " + i + " is valid", () -> await(node, () -> other.verifyAttestation(subject, vote)));
      holds(at + "ack " + i + " is valid for this chunk only",
          () -> !await(node, () -> other.verifyAttestation(otherThan(subject), vote)));
      votes.add(vote);
    }
    CertificateScheme scheme = schemes.getFirst();
    Verdicts all = await(0, () -> scheme.verifyAttestations(subject, votes));
    holds(at + "acks are valid together", () -> all.equals(new Verdicts(votes, List.of())));
    var forged = new ArrayList<>(votes);
    forged.set(0, new Attestation(0, votes.getLast().signature()));
    Verdicts some = await(0, () -> scheme.verifyAttestations(subject, forged));
    holds(at + "a forged ack among them is found", () -> votes.size() == 1
        || some.equals(new Verdicts(votes.subList(1, votes.size()), List.of(0))));
    return votes;
  }

  private Certificate certificate(String at, JsonNode row, Subject subject, List<Attestation> votes) {
    CertificateScheme scheme = schemes.getLast();
    int node = schemes.size() - 1;
    List<Attestation> signers = new ArrayList<>();
    row.required("certificate_signers").forEach(signer -> signers.add(votes.get(signer.asInt())));
    Certificate made = scheme.assemble(signers.reversed()).orElseThrow();
    twoWays(at + "certificate", scheme.certificateCodec(), made, bytes(row, "certificate"));
    Certificate read = scheme.certificateCodec().decode(bytes(row, "certificate"));
    holds(at + "certificate names its signers", () -> read.attestations().equals(signers));
    holds(at + "certificate is valid", () -> await(node, () -> scheme.verifyCertificate(subject, read)));
    holds(at + "certificate is valid for this chunk only",
        () -> !await(node, () -> scheme.verifyCertificate(otherThan(subject), read)));
    holds(at + "no certificate below the quorum",
        () -> scheme.assemble(votes.subList(0, scheme.participants().quorum() - 1)).isEmpty());
    return made;
  }

  /// The key comes first in each message, but for the tag of an activity.
  private void refuseNoKey(String at, JsonNode row) {
    refuse(at + "chunk", codecs.chunk(), bytes(row, "chunk"), 0);
    refuse(at + "node", codecs.node(), bytes(row, "node"), 0);
    refuse(at + "ack", codecs.ack(), Bytes.ofHex(row.required("acks").path(0).asText()), 0);
    refuse(at + "lock", codecs.lock(), bytes(row, "lock"), 0);
    refuse(at + "activity_tip", codecs.activity(), bytes(row, "activity_tip"), 1);
    refuse(at + "activity_lock", codecs.activity(), bytes(row, "activity_lock"), 1);
  }

  private void refuse(String what, Codec<?> codec, Bytes good, int keyAt) {
    cases.check(what + " of no key", () -> {
      Bytes bad = good.slice(0, keyAt).concat(NO_KEY).concat(good.slice(keyAt + NO_KEY.size(), good.size()));
      try {
        return "is accepted as " + codec.decode(bad);
      } catch (InvalidDataException e) {
        return e.rule() == Rule.WRAPPED ? "" : "expected " + Rule.WRAPPED + ", found " + e.rule();
      }
    });
  }

  private <T> void twoWays(String what, Codec<T> codec, T value, Bytes expected) {
    cases.same(what, expected.hex(), codec.encode(value).hex());
    cases.check(what + " is read back", () -> {
      T read = codec.decode(expected);
      return read.equals(value) && codec.encode(read).equals(expected) ? "" : "is read as " + read;
    });
  }

  private void holds(String what, Supplier<Boolean> condition) {
    cases.check(what, () -> condition.get() ? "" : "does not hold");
  }

  private <T> T await(int node, Supplier<Completion<T>> call) {
    return simulation.await(nodes.get(node), call);
  }

  private static Subject otherThan(Subject subject) {
    return new Subject(subject.namespace(), subject.message().concat(Bytes.of((byte) 0)));
  }

  private Bytes namespace(String suffix) {
    return Bytes.wrap((root.required("base_namespace").asText() + suffix).getBytes(StandardCharsets.UTF_8));
  }

  private SigningKey key(JsonNode pair) {
    return services.ed25519().signingKey(bytes(pair, "private_key").toArray());
  }

  private static Bytes bytes(JsonNode row, String field) {
    return Bytes.ofHex(row.required(field).asText());
  }
}
