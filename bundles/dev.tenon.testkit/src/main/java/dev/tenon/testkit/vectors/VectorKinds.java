package dev.tenon.testkit.vectors;

import java.util.List;

/// The kinds of vectors that Tenon runs, each with what it checks. The first one that recognises a file gets it.
final class VectorKinds {
  private VectorKinds() {}

  static List<VectorKind> all() {
    TestKeys keys = new Ed25519Keys();
    return List.of(new KnownAnswers(), new Conformance(WireTypes.withoutPoints(keys)), new KeysFromSeed(keys));
  }
}
