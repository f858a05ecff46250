package dev.tenon.shell;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A value of configuration as text, as `--set` takes it: a JSON value, or plain text.
final class SettingValue {
  private static final Pattern LIKE_JSON = Pattern.compile("(?s)[\"\\[{\\s-].*|null");

  private SettingValue() {}

  /// @return what [#parse] and the launcher read as the same value
  static String text(Object value) {
    return switch (value) {
      case Object[] many -> array(Stream.of(many));
      case Collection<?> many -> array(many.stream());
      // Text that would be read as something else is quoted.
      case String text when !(parse(text) instanceof String) || LIKE_JSON.matcher(text).matches() ->
          Answer.quoted(text);
      default -> String.valueOf(value);
    };
  }

  /// @return a whole number, a fraction, a truth value, or the text itself; arrays of JSON are left to files
  static Object parse(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    if (text.matches("-?(0|[1-9][0-9]{0,17})")) {
      return Long.valueOf(text);
    }
    return text.matches("-?(0|[1-9][0-9]{0,17})\\.[0-9]{1,18}") ? Double.valueOf(text) : text;
  }

  private static String array(Stream<?> values) {
    List<String> parts = values.map(value -> value instanceof String text ? Answer.quoted(text) : text(value)).toList();
    return "[" + String.join(",", parts) + "]";
  }
}
