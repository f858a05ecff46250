package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;
import java.nio.charset.StandardCharsets;

/// The name of a host by RFC 1035 and 1123: labels of 1 to 63 ASCII letters, digits and hyphens, none of which starts
/// or ends with a hyphen, joined by dots, at most 253 characters in all.
///
/// @param name as text
public record Hostname(String name) {
  /// In characters.
  public static final int LENGTH_MAX = 253;
  /// In characters.
  public static final int LABEL_MAX = 63;

  /// `varint length ‖ ASCII`.
  public static final Codec<Hostname> CODEC = new HostnameCodec();

  /// Checks the name.
  public Hostname {
    String fault = fault(name);
    Check.that(fault.isEmpty(), "a host name " + fault);
  }

  /// What keeps a text from being a host's name.
  ///
  /// @param name any text
  /// @return a phrase, or an empty text if it is one
  public static String fault(String name) {
    if (name.isEmpty() || name.length() > LENGTH_MAX) {
      return "has " + name.length() + " characters, allowed 1 to " + LENGTH_MAX;
    }
    int start = 0;
    for (int i = 0; i <= name.length(); i++) {
      if (i == name.length() || name.charAt(i) == '.') {
        String fault = labelFault(name.substring(start, i));
        if (!fault.isEmpty()) {
          return fault;
        }
        start = i + 1;
      }
    }
    return "";
  }

  private static String labelFault(String label) {
    if (label.isEmpty() || label.length() > LABEL_MAX) {
      return "has a label of " + label.length() + " characters, allowed 1 to " + LABEL_MAX;
    }
    if (label.startsWith("-") || label.endsWith("-")) {
      return "has a label that starts or ends with a hyphen";
    }
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-') {
        return "has a character that is no letter, digit or hyphen";
      }
    }
    return "";
  }

  private static final class HostnameCodec implements Codec<Hostname> {
    private static final LengthRange LENGTHS = LengthRange.atMost(LENGTH_MAX);

    @Override
    public int size(Hostname value) {
      return Writer.varintSize(value.name.length()) + value.name.length();
    }

    @Override
    public void write(Hostname value, Writer to) {
      to.bytes(Bytes.wrap(value.name.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public Hostname read(Reader from) {
      Bytes raw = from.bytes(LENGTHS, "Hostname");
      // Each byte becomes one character: what is not ASCII, UTF-8 or not, is no letter, digit or hyphen.
      String name = new String(raw.toArray(), StandardCharsets.ISO_8859_1);
      String fault = fault(name);
      if (!fault.isEmpty()) {
        throw from.fail(Rule.INVALID, "Hostname", 0, fault);
      }
      return new Hostname(name);
    }

    @Override
    public int sizeMin() {
      return 2;
    }
  }
}
