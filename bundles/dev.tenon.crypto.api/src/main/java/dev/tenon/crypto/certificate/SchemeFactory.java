package dev.tenon.crypto.certificate;

import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import org.osgi.annotation.versioning.ProviderType;

/// What a bundle registers to fill the role `scheme` of one node: makes schemes that keep nothing on disk. Engines hold
/// the slot's [SchemeProvider], never one that was made here.
@ProviderType
public interface SchemeFactory {
  /// The role's name in service properties and slot names.
  String ROLE = "scheme";

  /// What it is. No I/O.
  ///
  /// @return the provider's name; it writes and reads the format that is named as its scheme, such as `ed25519`
  Description describe();

  /// Makes schemes that know no epoch yet, for one generation of a slot. Any thread may call them.
  ///
  /// @param context of the instance
  /// @return new
  SchemeProvider open(OpenContext context);
}
