package dev.tenon.handover;

import java.util.List;

/// How far a model goes.
///
/// @param held what the journal of each caller holds when the node starts; `-` for none
/// @param scripts what each caller does, see [ModelScript]
/// @param registered providers that are registered
/// @param wishes what is wished for, one after the other; the first at the start
/// @param crashes kills and power losses
/// @param faults calls that fail, or exceed their limit; each then never ends or ends late
/// @param departures providers that go; each may come back
/// @param stops of the node, each followed by a start
/// @param backups an older record may be put in the place of the one that is there, so often
/// @param pieceItems so many items are copied at a time
/// @param vacant whether there is no record at the first start
record ModelBounds(List<String> held, List<String> scripts, List<Candidate> registered, List<String> wishes,
    int crashes, int faults, int departures, int stops, int backups, int pieceItems, boolean vacant) {
  ModelBounds with(int nextCrashes, int nextFaults, int nextDepartures, int nextStops, int nextBackups) {
    return new ModelBounds(held, scripts, registered, wishes, nextCrashes, nextFaults, nextDepartures, nextStops,
        nextBackups, pieceItems, vacant);
  }

  @Override
  public String toString() {
    return "journals " + held + ", callers " + scripts + ", providers "
        + registered.stream().map(Candidate::provider).toList() + ", wishes " + wishes + ", " + crashes + " crashes, "
        + faults + " faults, " + departures + " departures, " + stops + " stops, " + backups + " backups";
  }
}
