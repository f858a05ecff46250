package dev.tenon.handover;

import org.osgi.framework.Version;

/// What is asked of a slot, and may change while it serves.
///
/// @param provider short name, perhaps with `@` and a version, or empty for any
/// @param pinned whether the provider that serves stays, whatever is wished for
/// @param onGone what is done when the provider that serves goes
/// @param follow which newer versions of its bundle take over by themselves
public record Terms(String provider, boolean pinned, OnGone onGone, Follow follow) {
  /// What is done when the provider that serves goes.
  public enum OnGone {
    /// It is sealed, and units wait for it or for another one that reads its format.
    PARK,
    /// The slot is handed over to another provider while the one that goes waits, if that ends in time.
    MIGRATE
  }

  /// Which newer versions take over.
  public enum Follow {
    /// None: they are offered.
    NONE,
    /// Those that differ in the third part of the version, or in the fourth.
    PATCH,
    /// Those that differ in the second part too.
    MINOR;

    /// Whether one version takes over from another by itself.
    boolean takes(String from, String to) {
      Version before = Version.parseVersion(from);
      Version after = Version.parseVersion(to);
      return after.compareTo(before) > 0 && switch (this) {
        case NONE -> false;
        case PATCH -> after.getMajor() == before.getMajor() && after.getMinor() == before.getMinor();
        case MINOR -> after.getMajor() == before.getMajor();
      };
    }
  }

  /// A wish for a provider, and nothing else.
  ///
  /// @param provider as above
  /// @return not pinned, parks, follows none
  public static Terms of(String provider) {
    return new Terms(provider, false, OnGone.PARK, Follow.NONE);
  }

  Terms wishing(String next) {
    return new Terms(next, pinned, onGone, follow);
  }
}
