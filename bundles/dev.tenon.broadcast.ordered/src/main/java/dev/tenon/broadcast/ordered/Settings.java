package dev.tenon.broadcast.ordered;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import java.util.List;
import java.util.Optional;

/// What one engine is configured with.
///
/// @param node where it runs
/// @param engine its name on that node
/// @param namespace the application's; shared by all peers
/// @param channel the prefix of the two channels' names
/// @param journalPrefix of the names of its journals
/// @param heightsPerSection heights that share a section of a journal, above 0
/// @param epochsOld votes are accepted for so many epochs below the current one
/// @param epochsNew and for so many above it
/// @param heightBound votes are accepted up to so many heights above the tip
/// @param rebroadcastTimeoutMs an uncertified tip of one's own is sent again after this time, above 0
/// @param proposeBackoffMs the first pause after an automaton had nothing to propose; doubles up to 64 times this
/// @param priorityProposals whether nodes are sent with priority
/// @param priorityAcks whether acks are sent with priority
/// @param messageBytesMax the longest message on both channels
record Settings(String node, String engine, Bytes namespace, String channel, String journalPrefix,
    long heightsPerSection, long epochsOld, long epochsNew, long heightBound, long rebroadcastTimeoutMs,
    long proposeBackoffMs, boolean priorityProposals, boolean priorityAcks, int messageBytesMax) {
  /// What the name of the journal of intents ends with.
  static final String INTENTS = "-intent";

  Settings {
    inRange("heightsPerSection", heightsPerSection, 1, Integer.MAX_VALUE);
    inRange("epochBoundOld", epochsOld, 0, Integer.MAX_VALUE);
    inRange("epochBoundNew", epochsNew, 0, Integer.MAX_VALUE);
    inRange("heightBound", heightBound, 0, 1_024);
    inRange("rebroadcastTimeoutMs", rebroadcastTimeoutMs, 1, 3_600_000);
    inRange("proposeBackoffMs", proposeBackoffMs, 1, 60_000);
    inRange("messageBytesMax", messageBytesMax, 1_024, 16_777_216);
    if (!journalPrefix.matches("[A-Za-z0-9_-]{0,120}")) {
      throw new ConfigException("journalPrefix", journalPrefix, "[A-Za-z0-9_-]{0,120}");
    }
  }

  /// Checks that each message that may come fits into an item of the journals.
  ///
  /// @throws ConfigException if not
  void fit(int itemBytesMax) {
    if (messageBytesMax > itemBytesMax) {
      throw new ConfigException("messageBytesMax", Integer.toString(messageBytesMax),
          "at most " + itemBytesMax + ", the itemBytesMax of the journals");
    }
  }

  /// The prefix where none is configured.
  static String standardPrefix(String key) {
    return "ordered-broadcast-seq-" + key + "-";
  }

  /// Whether the key has journals under another prefix, and none under this one. Of its own chain the journal of
  /// intents tells, which nobody else has; of a validator's journals only those under the standard prefix name its key.
  ///
  /// @param names of all journals
  /// @param key in hex
  /// @param proposes whether there is an own chain
  /// @return why the engine must not begin, in one line
  Optional<String> elsewhere(List<String> names, String key, boolean proposes) {
    String own = journalPrefix + key;
    boolean known = names.stream().anyMatch(name -> proposes
        ? name.equals(own) || name.equals(own + INTENTS)
        : name.startsWith(journalPrefix) && name.substring(journalPrefix.length()).matches("[0-9a-f]+"));
    String standard = standardPrefix(key);
    return known ? Optional.empty()
        : names.stream()
            .filter(name -> !name.equals(own + INTENTS) && (name.endsWith(key + INTENTS)
                || (name.startsWith(standard) && !journalPrefix.equals(standard))))
            .findFirst().map(name -> "" + new ConfigException("journalPrefix", journalPrefix,
                "what this key has signed lies under another prefix, such as in " + name).getMessage());
  }

  private static void inRange(String key, long value, long min, long max) {
    if (value < min || value > max) {
      throw new ConfigException(key, Long.toString(value), min + " to " + max);
    }
  }
}
