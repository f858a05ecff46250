package dev.tenon.handover;

import org.osgi.framework.Version;

/// A provider that is registered now, known by its properties only.
///
/// @param ref the adapter's number of the service, never used twice
/// @param provider its short name
/// @param bundle its bundle's symbolic name
/// @param version its bundle's version
record Candidate(long ref, String provider, String bundle, String version) {
  String label() {
    return label(provider, version);
  }

  /// How a provider is named to operators.
  static String label(String provider, String version) {
    return provider + "@" + version;
  }

  /// Whether a provider is the one that a wish names: a short name, perhaps with `@` and a version.
  static boolean matches(String wish, String provider, String version) {
    int sign = wish.indexOf('@');
    return sign < 0
        ? wish.equals(provider)
        : wish.substring(0, sign).equals(provider) && wish.substring(sign + 1).equals(version);
  }

  boolean isAbove(String other) { return Version.parseVersion(version).compareTo(Version.parseVersion(other)) > 0; }

  boolean sameAs(Fact fact) {
    return provider.equals(fact.provider()) && bundle.equals(fact.bundle()) && version.equals(fact.version());
  }
}
