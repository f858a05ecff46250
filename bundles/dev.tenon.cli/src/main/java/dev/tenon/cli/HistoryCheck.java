package dev.tenon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reads what the processes of a soak recorded, in their order, and tells what broke a promise: nothing acknowledged
/// may be lost, doubled or reordered, and nobody may sign two different chunks or acks for one sequencer and height.
/// The lines are those of the bundle `dev.tenon.soak`.
final class HistoryCheck {
  /// How a promise is broken.
  enum Fault { LOST, DUPLICATED, REORDERED, EQUIVOCATED }

  /// Findings that are kept with their words.
  private static final int TOLD_MAX = 50;
  /// Of the devnet's four validators.
  private static final int QUORUM = 3;
  private static final Pattern NUMBERS = Pattern.compile("\\d+");
  private static final String DAMAGED = "is damaged: ";
  private static final String UNOPENED = "was not opened in the last process";

  private final Map<String, JournalHistory> journals = new TreeMap<>();
  /// Journals that were not read to their end since their process began, or since they were lost: why.
  private final Map<String, String> unread = new TreeMap<>();
  /// By signer and what it signed for: the payload.
  private final Map<String, String> signed = new TreeMap<>();
  /// Who acked anything.
  private final Set<String> validators = new TreeSet<>();
  /// Certified, and not signed as it should be: each is found once, whoever tells of it.
  private final Set<String> unsigned = new TreeSet<>();
  /// By sequencer: the highest chunk that it signed.
  private final Map<String, Long> chunks = new TreeMap<>();
  /// By sequencer: the highest certified chunk.
  private final Map<String, Long> locks = new TreeMap<>();
  /// By validator, or engine, and sequencer: the highest chunk that it stood for.
  private final Map<String, Stood> stood = new TreeMap<>();
  /// As above, when this process began.
  private final Map<String, Stood> earlier = new TreeMap<>();
  /// Operations of writers that ended with an error: how many, by what they were told.
  private final Map<String, Long> failed = new TreeMap<>();
  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
  private final List<String> told = new ArrayList<>();
  private int processes;
  private long acknowledged;
  private long certified;

  private record Stood(long height, int process) {
  }

  HistoryCheck() {
    for (Fault fault : Fault.values()) counts.put(fault, 0L);
  }

  /// What follows is of the next process. It has to read each journal anew.
  void begin() {
    processes++;
    earlier.putAll(stood);
    journals.keySet().forEach(name -> unread.put(name, UNOPENED));
  }

  /// The process whose history was read last said that all its writers had opened their journals, each of which is to
  /// tell so itself. A process that a kill met before has no time for it, and one that lost a journal later may be
  /// about to open it again.
  void allOpened() {
    unread.forEach((name, why) -> {
      if (why.equals(UNOPENED)) find(Fault.LOST, "journal " + name + " was not opened in process " + processes);
    });
  }

  /// Nothing follows. What nobody could read at the end is lost, whatever was told of it before.
  void end() {
    unread.forEach((name, why) -> {
      if (!why.startsWith(DAMAGED)) find(Fault.LOST, "journal " + name + " " + why);
    });
  }

  /// Takes what a process wrote; a line that a kill cut off tells nothing. Of a long process it is too much for memory.
  void read(Path history) throws IOException {
    try (RandomAccessFile end = new RandomAccessFile(history.toFile(), "r");
        BufferedReader lines = Files.newBufferedReader(history)) {
      boolean whole = end.length() == 0;
      if (!whole) {
        end.seek(end.length() - 1);
        whole = end.read() == '\n';
      }
      String line = lines.readLine();
      while (line != null) {
        String next = lines.readLine();
        if (next != null || whole) line(line);
        line = next;
      }
    }
  }

  /// Takes the next line.
  void line(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "chunk" -> chunk(words[1], words[2], Long.parseUnsignedLong(words[3]), words[4]);
      case "ack" -> {
        long height = Long.parseUnsignedLong(words[3]);
        validators.add(words[1]);
        once(ack(words[1], words[2], height), words[4]);
        neverBack("ack " + words[1] + " " + words[2], height, earlier);
      }
      case "tip" -> neverBack("tip " + words[1] + " " + words[2], Long.parseUnsignedLong(words[3]), stood);
      case "lock" -> lock(words[2], Long.parseUnsignedLong(words[3]), words[4]);
      case "put", "rewind", "prune", "acked", "remove", "removed", "open", "found", "floor", "opened" -> {
        JournalHistory journal = journals.computeIfAbsent(words[1], name -> new JournalHistory(name, this::find));
        acknowledged += journal.line(words);
        if (words[0].equals("opened")) unread.remove(words[1]);
      }
      case "lost" -> lost(words[1], words[2]);
      case "held" -> {
        // Said for the harness; breaks nothing.
      }
      default -> find(Fault.REORDERED, "nobody understands: " + line);
    }
  }

  boolean isClean() { return counts.values().stream().allMatch(count -> count == 0); }

  long count(Fault fault) {
    return counts.getOrDefault(fault, 0L);
  }

  /// @return items acknowledged to writers, and chunks certified
  long operations() {
    return acknowledged + certified;
  }

  long certified() {
    return certified;
  }

  /// @return items acknowledged to writers
  long acknowledged() {
    return acknowledged;
  }

  /// @return how many of them a writer has read back
  long compared() {
    return journals.values().stream().mapToLong(JournalHistory::compared).sum();
  }

  /// @return operations of writers that ended with an error: how many, by what they were told, without its numbers
  Map<String, Long> failed() {
    return Map.copyOf(failed);
  }

  /// @return what was found first, a line each
  List<String> told() {
    return List.copyOf(told);
  }

  /// Its writer heard of a failure and opens it again, however often that takes. Damage is no failure that passes, and
  /// nothing here damages files.
  private void lost(String journal, String reason) {
    failed.merge(NUMBERS.matcher(reason.replace('_', ' ')).replaceAll("N"), 1L, Long::sum);
    if (!reason.startsWith("CorruptionException")) {
      unread.putIfAbsent(journal, "was not opened again after " + reason);
    } else if (!unread.getOrDefault(journal, "").startsWith(DAMAGED)) {
      unread.put(journal, DAMAGED + reason);
      find(Fault.LOST, "journal " + journal + " " + DAMAGED + reason);
    }
  }

  private void chunk(String signer, String sequencer, long height, String payload) {
    once("chunk " + signer + " " + height, payload);
    if (!signer.equals(sequencer)) find(Fault.EQUIVOCATED, signer + " signed a chunk of " + sequencer);
    long next = chunks.getOrDefault(sequencer, height - 1) + 1;
    if (height > next) find(Fault.LOST, "the chain of " + sequencer + " goes from " + (next - 1) + " to " + height);
    chunks.merge(sequencer, height, Math::max);
    if (height < locks.getOrDefault(sequencer, 0L)) {
      find(Fault.LOST, sequencer + " signed chunk " + height + " after " + locks.get(sequencer) + " was certified");
    }
  }

  private static String ack(String validator, String sequencer, long height) {
    return "ack " + validator + " " + sequencer + " " + height;
  }

  /// What is signed is told before it is signed, in this history or an earlier one. A certificate of which it was not
  /// told comes from somebody who signs unseen: then nothing is known of what else he signs.
  private void lock(String sequencer, long height, String payload) {
    String chunk = "chunk " + height + " of " + sequencer + " was certified, and ";
    if (!signed.containsKey("chunk " + sequencer + " " + height) && unsigned.add(chunk)) {
      find(Fault.EQUIVOCATED, chunk + "nobody was seen to sign it");
    }
    long acks = validators.stream().filter(each -> payload.equals(signed.get(ack(each, sequencer, height)))).count();
    if (acks < QUORUM && unsigned.add(chunk + payload)) find(Fault.EQUIVOCATED, chunk + acks + " were seen to ack it");
    once("chunk " + sequencer + " " + height, payload);
    if (locks.getOrDefault(sequencer, -1L) < height) {
      locks.put(sequencer, height);
      certified++;
    }
  }

  /// What stood for a height has it on its disk: it never stands for a lower one again. Acks that a process signs at
  /// the same time are told in the order in which its threads come to them, so they are held against those of the
  /// processes before.
  private void neverBack(String who, long height, Map<String, Stood> before) {
    Stood highest = before.getOrDefault(who, new Stood(-1, processes));
    if (height < highest.height()) {
      find(Fault.LOST,
          who + " goes back from " + highest.height() + ", in process " + highest.process() + ", to " + height
              + ", in process " + processes);
    }
    stood.merge(who, new Stood(height, processes), (old, now) -> old.height() > now.height() ? old : now);
  }

  private void once(String what, String payload) {
    String before = signed.putIfAbsent(what, payload);
    if (before != null && !before.equals(payload)) {
      find(Fault.EQUIVOCATED, what + ": " + before.substring(0, 8) + " and " + payload.substring(0, 8));
    }
  }

  private void find(Fault fault, String text) {
    counts.merge(fault, 1L, Long::sum);
    if (told.size() < TOLD_MAX) told.add(fault + ": " + text);
  }

  /// Where a journal's history tells what it found.
  interface Findings {
    void find(Fault fault, String text);
  }

  /// For tests and reports: all counts at once.
  @Override
  public String toString() {
    Function<Fault, String> text = fault -> fault + " " + count(fault);
    return String.join(", ", List.of(Fault.values()).stream().map(text).toList());
  }
}
