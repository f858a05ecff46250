package dev.tenon.broadcast.ordered;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;

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

  private static void inRange(String key, long value, long min, long max) {
    if (value < min || value > max) {
      throw new ConfigException(key, Long.toString(value), min + " to " + max);
    }
  }
}
