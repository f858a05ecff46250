package dev.tenon.handover;

/// A provider that is registered now, known by its properties only.
///
/// @param ref the adapter's number of the service, never used twice
/// @param provider its short name
/// @param bundle its bundle's symbolic name
/// @param version its bundle's version
record Candidate(long ref, String provider, String bundle, String version) {
  String label() {
    return provider + "@" + version;
  }

  boolean sameAs(Fact fact) {
    return provider.equals(fact.provider()) && bundle.equals(fact.bundle()) && version.equals(fact.version());
  }
}
