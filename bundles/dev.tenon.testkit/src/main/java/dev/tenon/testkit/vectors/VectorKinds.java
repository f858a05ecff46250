package dev.tenon.testkit.vectors;

import dev.tenon.codec.Codec;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The kinds of vectors that Tenon runs, each with what it checks. The first one that recognises a file gets it.
final class VectorKinds {
  private VectorKinds() {}

  /// What needs no provider.
  static List<VectorKind> alone() {
    TestKeys keys = new Ed25519Keys();
    return List.of(new KnownAnswers(), new Conformance(WireTypes.withoutPoints(keys)), new KeysFromSeed(keys));
  }

  /// What journals leave on disk.
  static List<VectorKind> journals(ReferenceFiles journals) {
    return List.of(new SmallDisks(journals), new StorageWorkloads(journals), new StoragePrimitives());
  }

  static List<VectorKind> all(VectorServices services) {
    TestKeys keys = new Ed25519Keys();
    try (Simulation simulation = Simulation.seeded(0)) {
      Codec<Certificate> certificates = services.schemes().apply(simulation.node("v0", booted -> {}).runtime())
          .storedCertificateCodec();
      var kinds = new ArrayList<VectorKind>(journals(services.journals()));
      kinds.addAll(List.of(new KnownAnswers(), new Conformance(WireTypes.withoutPoints(keys, certificates)),
          new KeysFromSeed(keys), new Digests(Map.of("sha256", services.sha256(), "blake3", services.blake3())),
          new Ed25519Signatures(services.ed25519()), new OrderedBroadcasts(services)));
      return kinds;
    }
  }
}
