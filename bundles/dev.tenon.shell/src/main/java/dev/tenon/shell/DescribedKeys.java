package dev.tenon.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.osgi.service.metatype.AttributeDefinition;

/// What the bundles of the container say about the keys of one PID.
///
/// @param keys by their names, from Metatype
/// @param references the names of what its components refer to: each may get a `.target`
/// @param asleep whether a bundle of these keys is not started: then not all references are known
record DescribedKeys(Map<String, AttributeDefinition> keys, Collection<String> references, boolean asleep) {
  private static final List<String> TAKEN_BY_THE_CONTAINER =
      List.of("service.", "component.", "felix.", ".", ":", "configurator:");
  private static final List<String> OF_A_REFERENCE = List.of(".target", ".cardinality.minimum");
  private static final int VALUE_CHARS_MAX = 40;
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

  DescribedKeys {
    keys = new TreeMap<>(keys);
    references = new TreeSet<>(references);
  }

  /// What is wrong with a configuration.
  ///
  /// @param pid whose it is
  /// @param values by key
  /// @return a line for each key that nobody reads and each value that is not of its key's type or range, with what
  ///     would be
  List<String> faults(String pid, Map<String, Object> values) {
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, Object> entry : new TreeMap<>(values).entrySet()) {
      String key = entry.getKey();
      AttributeDefinition described = keys.get(key);
      if (described != null) {
        elements(entry.getValue()).stream().filter(value -> !isValid(described, value)).findFirst()
            .ifPresent(value -> faults.add(pid + "." + key + "=" + shortened(value) + ": not " + wanted(described)));
      } else if (!isOfAReference(key) && TAKEN_BY_THE_CONTAINER.stream().noneMatch(key::startsWith)) {
        faults.add(pid + "." + key + ": nobody reads this key; known: " + String.join(", ", keys.keySet()));
      }
    }
    return faults;
  }

  private boolean isOfAReference(String key) {
    return OF_A_REFERENCE.stream().filter(key::endsWith)
        .anyMatch(suffix -> asleep || references.contains(key.substring(0, key.length() - suffix.length())));
  }

  private static boolean isValid(AttributeDefinition described, Object value) {
    String verdict = described.validate(value.toString());
    return verdict == null || verdict.isEmpty();
  }

  private static List<?> elements(Object value) {
    return switch (value) {
      case Collection<?> many -> List.copyOf(many);
      case Object[] many -> Arrays.asList(many);
      default -> List.of(value);
    };
  }

  private static String wanted(AttributeDefinition described) {
    String[] options = described.getOptionValues(); // null where there are none
    if (options != null && options.length > 0) {
      return "one of " + String.join(", ", options) + about(described);
    }
    return switch (described.getType()) {
      case AttributeDefinition.BOOLEAN -> "true or false";
      case AttributeDefinition.BYTE -> wholeNumber(described, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case AttributeDefinition.SHORT -> wholeNumber(described, Short.MIN_VALUE, Short.MAX_VALUE);
      case AttributeDefinition.INTEGER -> wholeNumber(described, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case AttributeDefinition.LONG -> wholeNumber(described, Long.MIN_VALUE, Long.MAX_VALUE);
      case AttributeDefinition.FLOAT, AttributeDefinition.DOUBLE -> "a number in range";
      default -> "a value that it takes";
    } + about(described);
  }

  private static String about(AttributeDefinition described) {
    return " (" + described.getDescription() + ")";
  }

  /// A definition judges by its range and does not tell it: where it ends is asked for, from the default on.
  private static String wholeNumber(AttributeDefinition described, long typeMin, long typeMax) {
    String[] defaults = described.getDefaultValue();
    String first = defaults == null || defaults.length == 0 ? "0" : defaults[0];
    if (!WHOLE.matcher(first).matches() || !isValid(described, first)) {
      return "a whole number in range";
    }
    long valid = Long.parseLong(first);
    return "a whole number from " + last(described, valid, typeMin) + " to " + last(described, valid, typeMax);
  }

  /// @return the last valid number on the way from one that is valid to the end of its type
  private static long last(AttributeDefinition described, long valid, long end) {
    if (isValid(described, end)) {
      return end;
    }
    long within = valid;
    long beyond = end;
    while (within + 1 != beyond && within - 1 != beyond) {
      long middle = (within & beyond) + ((within ^ beyond) >> 1); // their sum may not fit
      if (isValid(described, middle)) {
        within = middle;
      } else {
        beyond = middle;
      }
    }
    return within;
  }

  private static String shortened(Object value) {
    String text = value.toString();
    return text.length() <= VALUE_CHARS_MAX ? text : text.substring(0, VALUE_CHARS_MAX) + "...";
  }
}
