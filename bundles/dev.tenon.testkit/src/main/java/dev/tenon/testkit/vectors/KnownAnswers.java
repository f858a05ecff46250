package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.InvalidDataException.Rule;
import dev.tenon.codec.LengthRange;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Values with their encodings, and inputs with the rule they break.
final class KnownAnswers implements VectorKind {
  private static final Pattern ERROR = Pattern.compile("([A-Za-z]+)(?:\\((\\d+)\\))?");
  private static final Pattern LIMIT = Pattern.compile("(?:max )?(\\d*)(\\.\\.(=?))?(\\d*)");

  @Override
  public boolean recognises(String fileName, JsonNode root) {
    return fileName.equals("codec-known-answers.json");
  }

  @Override
  public void run(JsonNode root, Cases cases) {
    int index = 0;
    for (JsonNode each : root.required("encode")) {
      cases.check("encode " + index++ + " " + each.path("type").asText(), () -> encode(each));
    }
    index = 0;
    for (JsonNode each : root.required("decode_errors")) {
      cases.check("decode_errors " + index++ + " " + each.path("type").asText(), () -> refuse(each));
    }
  }

  private static String encode(JsonNode each) {
    return encode(JsonTypes.of(each.required("type").asText(), LengthRange.ANY), each);
  }

  private static <T> String encode(JsonType<T> type, JsonNode each) {
    T value = type.fromJson().apply(each.required("value"));
    String expected = each.required("hex").asText();
    String found = type.codec().encode(value).hex();
    if (!found.equals(expected)) {
      return "expected " + expected + ", found " + found;
    }
    T decoded = type.codec().decode(Bytes.ofHex(expected));
    return decoded.equals(value) ? "" : "is read back as " + decoded;
  }

  private static String refuse(JsonNode each) {
    Codec<?> codec = JsonTypes.of(each.required("type").asText(), limits(each.path("cfg"))).codec();
    String expected = each.required("error").asText();
    Matcher error = ERROR.matcher(expected);
    if (!error.matches()) {
      return "unknown error " + expected;
    }
    Rule rule = Rule.valueOf(error.group(1).replaceAll("(?<=.)([A-Z])", "_$1").toUpperCase(Locale.ROOT));
    try {
      return "is accepted as " + codec.decode(Bytes.ofHex(each.required("hex").asText()));
    } catch (InvalidDataException e) {
      boolean same = e.rule() == rule && (error.group(2) == null || e.value() == Long.parseLong(error.group(2)));
      return same ? "" : "expected " + expected + ", found " + e.rule() + " with " + e.value();
    }
  }

  /// `min..`, `min..=max`, `min..end`, `..`, `max number`, or nothing.
  private static LengthRange limits(JsonNode text) {
    if (text.isNull() || text.isMissingNode()) {
      return LengthRange.ANY;
    }
    Matcher limit = LIMIT.matcher(text.asText());
    if (!limit.matches()) {
      throw new IllegalArgumentException("unknown limits " + text);
    }
    if (limit.group(2) == null) {
      return LengthRange.atMost(Long.parseLong(limit.group(1)));
    }
    long min = limit.group(1).isEmpty() ? 0 : Long.parseLong(limit.group(1));
    if (limit.group(4).isEmpty()) {
      return LengthRange.atLeast(min);
    }
    return LengthRange.between(min, Long.parseLong(limit.group(4)) - (limit.group(3).isEmpty() ? 1 : 0));
  }
}
