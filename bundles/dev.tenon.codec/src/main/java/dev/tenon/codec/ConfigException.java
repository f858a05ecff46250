package dev.tenon.codec;

/// A configuration value that is not accepted. The component does not start.
public final class ConfigException extends TenonException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String value;
  private final String accepted;

  /// @param key as in `--set PID.key=value`
  /// @param value what was given
  /// @param accepted a phrase that says what is accepted
  public ConfigException(String key, String value, String accepted) {
    super(key + "=" + value + " is not accepted: " + accepted);
    this.key = key;
    this.value = value;
    this.accepted = accepted;
  }

  /// @return the key
  public String key() {
    return key;
  }

  /// @return what was given
  public String value() {
    return value;
  }

  /// @return what is accepted
  public String accepted() {
    return accepted;
  }
}
