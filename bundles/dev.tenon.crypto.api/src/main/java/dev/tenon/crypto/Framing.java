package dev.tenon.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Writer;

/// What is really signed.
public final class Framing {
  private Framing() {}

  /// Puts the namespace before a message so that no two pairs of them give the same bytes.
  ///
  /// Source: commonware v2026.5.0, utils/src/lib.rs (`union_unique`).
  ///
  /// @param namespace may be empty
  /// @param message what is signed
  /// @return `varint(length of namespace) ‖ namespace ‖ message`
  public static Bytes framed(Bytes namespace, Bytes message) {
    var writer = new Writer(Writer.varintSize(namespace.size()) + namespace.size() + message.size());
    writer.bytes(namespace);
    writer.raw(message);
    return writer.finish();
  }
}
