package dev.tenon.codec;

/// Bytes from outside break a rule of their format. The caller drops the message, or, for its own disk, reports damage.
public final class InvalidDataException extends TenonException {
  private static final long serialVersionUID = 1L;

  /// Which rule was broken, as the reference classes them.
  public enum Rule {
    /// The input ends inside a value.
    END_OF_BUFFER,
    /// Bytes are left after a whole message.
    EXTRA_DATA,
    /// A varint is over-long or overflows its type.
    INVALID_VARINT,
    /// A length does not fit this platform.
    INVALID_USIZE,
    /// A boolean is neither 0 nor 1.
    INVALID_BOOL,
    /// A discriminant names no case.
    INVALID_ENUM,
    /// A length lies outside the range that the reader allows.
    INVALID_LENGTH,
    /// A rule of the type itself is broken.
    INVALID,
    /// A rule of another layer is broken, such as an unknown epoch or a bad curve point.
    WRAPPED
  }

  private final Rule rule;
  private final String context;
  private final long offset;
  private final long value;

  /// @param rule which rule was broken
  /// @param context the type or field that was being read
  /// @param offset in bytes from the start of the input, where reading stopped; -1 if unknown
  /// @param value what was found: bytes left over, length, tag or width in bytes; 0 where there is none
  /// @param text what is wrong
  public InvalidDataException(Rule rule, String context, long offset, long value, String text) {
    super(text(rule, context, offset, text));
    this.rule = rule;
    this.context = context;
    this.offset = offset;
    this.value = value;
  }

  /// @param rule which rule was broken
  /// @param context the type or field that was being read
  /// @param offset in bytes from the start of the input, where reading stopped; -1 if unknown
  /// @param value what was found: bytes left over, length, tag or width in bytes; 0 where there is none
  /// @param text what is wrong
  /// @param cause the other layer's exception
  public InvalidDataException(Rule rule, String context, long offset, long value, String text, Throwable cause) {
    super(text(rule, context, offset, text), cause);
    this.rule = rule;
    this.context = context;
    this.offset = offset;
    this.value = value;
  }

  /// @return which rule was broken
  public Rule rule() {
    return rule;
  }

  /// @return the type or field that was being read
  public String context() {
    return context;
  }

  /// @return where reading stopped, in bytes from the start of the input, or -1
  public long offset() {
    return offset;
  }

  /// @return bytes left over, length, tag or width in bytes; 0 where the rule has no value
  public long value() {
    return value;
  }

  private static String text(Rule rule, String context, long offset, String text) {
    return context + ": " + text + " (" + rule + (offset < 0 ? ")" : " at byte " + offset + ")");
  }
}
