package dev.tenon.handover;

/// What a record says.
///
/// @param sequence of the record's versions, from 1
/// @param node the node
/// @param slot the full name
/// @param provider short name of the provider
/// @param bundle its bundle's symbolic name
/// @param version its bundle's version
/// @param providerBefore the same of the provider before, or empty
/// @param bundleBefore its bundle, or empty
/// @param versionBefore its bundle's version, or empty
/// @param format the format id of what lies there
/// @param generation from 1
/// @param location relative to the node's folder
/// @param wishDigest CRC-32C of the wish that was in force, for who reads a record after a fault: a record of another
///     provider than was wished for tells so. Nothing decides by it, since the configuration is there at each start
/// @param flags [#SIGNING_OFF], [#RECOVERED], both, or 0
record Fact(long sequence, String node, String slot, String provider, String bundle, String version,
    String providerBefore, String bundleBefore, String versionBefore, String format, long generation, String location,
    int wishDigest, int flags) {
  /// Recovered from retained storage, or acknowledged items are gone: whoever signs stays silent.
  static final int SIGNING_OFF = 1;

  /// Recovered, and perhaps signed on again: what is not there may have been signed. A record without it that has
  /// [#SIGNING_OFF] was written before there was this flag, and means both.
  static final int RECOVERED = 2;

  /// The same location in a later generation of a provider.
  Fact committed(Candidate by, String writes, long nextGeneration, int wish) {
    boolean same = by.sameAs(this);
    return new Fact(sequence, node, slot, by.provider(), by.bundle(), by.version(), same ? providerBefore : provider,
        same ? bundleBefore : bundle, same ? versionBefore : version, writes, nextGeneration, location, wish, flags);
  }

  /// The same of who was in charge before an attempt of another one: that one never was.
  ///
  /// @param former what the record said then
  Fact as(Fact former) {
    return new Fact(sequence, node, slot, former.provider, former.bundle, former.version, former.providerBefore,
        former.bundleBefore, former.versionBefore, format, generation, location, wishDigest, flags);
  }

  /// Another location, filled by another provider.
  Fact handedOver(Candidate by, String writes, long nextGeneration, String to, int wish) {
    return new Fact(sequence, node, slot, by.provider(), by.bundle(), by.version(), provider, bundle, version, writes,
        nextGeneration, to, wish, flags);
  }

  /// Whether it names whom a wish asks for; an empty one asks for anybody.
  boolean fulfils(String wish) { return wish.isEmpty() || Candidate.matches(wish, provider, version); }

  boolean isSigningOff() { return (flags & SIGNING_OFF) != 0; }

  boolean isRecovered() { return (flags & (SIGNING_OFF | RECOVERED)) != 0; }

  /// The same, and whoever signs may do so again.
  ///
  /// @param nothingAbove whether nothing was signed that is not there: it counts no longer as recovered
  Fact signing(boolean nothingAbove) {
    int others = flags & ~(SIGNING_OFF | RECOVERED);
    return new Fact(sequence, node, slot, provider, bundle, version, providerBefore, bundleBefore, versionBefore,
        format, generation, location, wishDigest, nothingAbove || !isRecovered() ? others : others | RECOVERED);
  }

  /// The same, and what it holds is less than what was acknowledged: it counts as recovered.
  Fact lost() {
    return new Fact(sequence, node, slot, provider, bundle, version, providerBefore, bundleBefore, versionBefore,
        format, generation, location, wishDigest, flags | SIGNING_OFF | RECOVERED);
  }

  Fact numbered(long nextSequence) {
    return new Fact(nextSequence, node, slot, provider, bundle, version, providerBefore, bundleBefore, versionBefore,
        format, generation, location, wishDigest, flags);
  }
}
