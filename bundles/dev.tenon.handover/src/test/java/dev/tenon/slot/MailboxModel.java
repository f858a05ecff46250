package dev.tenon.slot;

import dev.tenon.runtime.Context;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.role.Reply;
import dev.tenon.runtime.role.RoleActor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The real mailbox, seats and hosts in a world where one thing happens at a time and any order may be asked for:
/// senders, turns of actors, ends of what they asked for themselves, and the steps of a slot's strand, as
/// `HandoverModelTest` shows that the slot's machine makes them. After each of them a crash may come, so what is said
/// to senders is checked at once.
final class MailboxModel {
  /// How far it goes.
  ///
  /// @param scripts of each sender: `m` a message, `u` a unit, `i` an idempotent one, `w` a wait
  /// @param swaps seals that the strand asks for
  /// @param lates seals that it does not wait for any longer, and standbys that fail
  /// @param throwing handlers that throw
  /// @param evictions actors that are ended in the midst of it
  record Bounds(List<String> scripts, int swaps, int lates, int throwing, int evictions) {}

  enum Mutant {
    NONE,
    /// The summary is read while the mailbox goes on.
    NOT_PAUSED,
    /// What an actor asks for itself comes through the mailbox.
    OWN_IN_MAILBOX,
    /// After a seal that was late the mailbox stays paused.
    NOT_TAKEN_BACK,
    /// Units are given to the next actor after a failure.
    UNITS_AGAIN,
    /// A successor begins without what its predecessor has answered its seal with.
    SUMMARY_FORGOTTEN
  }

  /// A state that must not be.
  static final class Wrong extends AssertionError {
    private static final long serialVersionUID = 1L;

    Wrong(String what) {
      super(what);
    }
  }

  record Say(int number, boolean isWait, @Nullable Reply<Integer> reply) {
    @Override
    public String toString() {
      return Integer.toString(number);
    }
  }

  /// An actor's own one.
  record Due(Counter whose, Say about) {
    @Override
    public String toString() {
      return "due " + whose.id + ":" + about + (about.isWait() && !whose.waits.contains(about) ? " answered" : "");
    }
  }

  private static final int STRIDE = 16;

  private final Bounds bounds;
  private final Mutant mutant;
  final ModelPort port = new ModelPort();
  final SlotMailbox<Object> mailbox =
      new SlotMailbox<>(port, MailboxSpec.oneLane(64), message -> 1);
  final List<Seat<Object, Integer>> seats = new ArrayList<>();
  final List<Counter> counters = new ArrayList<>();
  private final int[] sent;
  /// Of each message: how often it was handled, by whom last, and what its sender was told.
  private final int[] handled;
  private final int[] by;
  private final String[] told;
  private int count;
  private int newest;
  private int swaps;
  private int lates;
  private int throwing;
  private int evictions;
  private boolean throwNext;
  /// The predecessor that is to be closed, or nobody.
  private @Nullable Seat<Object, Integer> retires;
  private boolean opened;
  private boolean forgot;
  private @Nullable Integer early;

  MailboxModel(Bounds bounds, Mutant mutant) {
    this.bounds = bounds;
    this.mutant = mutant;
    mailbox.turnMessages = 1;
    int senders = bounds.scripts().size();
    sent = new int[senders];
    handled = new int[senders * STRIDE];
    by = new int[senders * STRIDE];
    told = new String[senders * STRIDE];
    java.util.Arrays.fill(told, "");
    begin(0);
  }

  /// What the actor of one seat knows.
  final class Counter implements RoleActor<Object, Object, Integer> {
    final int id;
    private final Context<Object> context;
    private int counted;
    private int owed;
    private final List<Say> waits = new ArrayList<>();
    private @Nullable Reply<Integer> sealing;
    private boolean rests;

    Counter(int id, Context<Object> context, int counted) {
      this.id = id;
      this.context = context;
      this.counted = counted;
    }

    @Override
    public void handle(Object message) {
      if (message instanceof Due due) {
        own(due);
        return;
      }
      Say say = (Say) message;
      if (!say.isWait()) {
        note(this, say.number());
        counted++;
      }
      if (throwNext) {
        throwNext = false;
        throw new IllegalStateException("planted");
      }
      if (say.isWait()) {
        waits.add(say);
      } else if (say.reply() != null) {
        owed++;
      }
      if (say.reply() != null) {
        ask(new Due(this, say));
      }
    }

    private void ask(Due due) {
      if (mutant == Mutant.OWN_IN_MAILBOX && due.about().isWait()) {
        mailbox.offer(due);
      } else {
        context.after(0, due);
      }
    }

    @Override
    public void own(Object message) {
      Due due = (Due) message;
      if (due.whose() != this) {
        throw new Wrong("actor " + id + " is given what actor " + due.whose().id + " asked for itself");
      }
      if (rests) {
        throw new Wrong("actor " + id + " is given " + due + " at rest");
      }
      Reply<Integer> reply = due.about().reply();
      if (reply != null && (!due.about().isWait() || waits.remove(due.about()))) {
        reply.done(id);
      }
      if (!due.about().isWait()) {
        owed--;
      }
      rest();
    }

    boolean mayAnswerAtRest() {
      return rests && !waits.isEmpty() && !seats.get(id).isOver();
    }

    /// Takes it for said, whether or not it counts.
    void answerAtRest() {
      Reply<Integer> reply = waits.removeFirst().reply();
      if (reply != null) {
        reply.done(id);
      }
    }

    @Override
    public void seal(Reply<Integer> summary) {
      sealing = summary;
      rest();
    }

    private void rest() {
      Reply<Integer> summary = sealing;
      if (summary != null && owed == 0) {
        rests = true;
        summary.done(counted);
      }
    }

    @Override
    public void resume() {
      rests = false;
      sealing = null;
    }

    @Override
    public String toString() {
      String seals = sealing == null ? "" : " seals";
      return id + " counted " + counted + " owes " + owed + " waits " + waits + seals + rests;
    }
  }

  // What is noted, and checked at once.

  private void note(Counter actor, int number) {
    if (actor.id < newest) {
      throw new Wrong("actor " + actor.id + " handles " + number + " after its successor, " + newest);
    }
    newest = actor.id;
    if (handled[number] > 0 && kind(number) != 'i') {
      throw new Wrong("message " + number + " is handled twice");
    }
    if (handled[number] > 0 && by[number] == actor.id) {
      throw new Wrong("message " + number + " is handled twice by one actor");
    }
    for (int before = number / STRIDE * STRIDE; before < number; before++) {
      if (handled[before] == 0 && told[before].isEmpty() && kind(before) != 'w') {
        throw new Wrong("message " + number + " overtakes " + before);
      }
    }
    count++;
    handled[number]++;
    by[number] = actor.id;
  }

  private void told(int number, String how) {
    if (!told[number].isEmpty()) {
      throw new Wrong("the sender of " + number + " is told twice");
    }
    if (how.equals("done") && kind(number) != 'w' && handled[number] == 0) {
      throw new Wrong("an answer to " + number + ", which nobody has handled");
    }
    if (!how.equals("done") && kind(number) != 'u') {
      throw new Wrong("message " + number + " ends with " + how);
    }
    told[number] = how;
  }

  private char kind(int number) {
    return bounds.scripts().get(number / STRIDE).charAt(number % STRIDE);
  }

  // What may happen.

  List<String> moves() {
    List<String> moves = new ArrayList<>();
    for (int sender = 0; sender < sent.length; sender++) {
      if (sent[sender] < bounds.scripts().get(sender).length()) {
        moves.add("send " + sender);
      }
    }
    for (int actor = 0; actor < port.hosts.size(); actor++) {
      port.hosts.get(actor).moves(actor, moves);
    }
    for (int actor = 0; actor < counters.size(); actor++) {
      if (counters.get(actor).mayAnswerAtRest()) {
        moves.add("rest " + actor);
      }
    }
    if (port.broken != null) {
      moves.add("strand hears of a failure");
      return moves;
    }
    Seat<Object, Integer> serving = seats.getLast();
    if (!opened) {
      moves.add("strand opens");
    } else if (serving.sealing() == null && early == null) {
      if (swaps < bounds.swaps() && retires == null) {
        moves.add("strand seals");
      }
    } else if (early != null || (serving.isHeld() && !forgot)) {
      moves.add("strand hands over");
    }
    if (opened && serving.sealing() != null && lates < bounds.lates()) {
      moves.add("strand gives the handover up");
    }
    if (opened && evictions < bounds.evictions() && !serving.isOver()) {
      moves.add("strand evicts");
    }
    if (retires != null) {
      moves.add("strand retires");
    }
    if (throwing < bounds.throwing() && !throwNext) {
      moves.add("the next handler throws");
    }
    return moves;
  }

  void go(String move) {
    String[] words = move.split(" ");
    switch (words[0]) {
      case "send" -> send(Integer.parseInt(words[1]));
      case "host" -> port.hosts.get(Integer.parseInt(words[1])).go(words);
      case "rest" -> counters.get(Integer.parseInt(words[1])).answerAtRest();
      case "the" -> {
        throwing++;
        throwNext = true;
      }
      default -> strand(move);
    }
  }

  private void send(int sender) {
    int number = sender * STRIDE + sent[sender]++;
    char kind = kind(number);
    if (kind == 'm') {
      mailbox.offer(new Say(number, false, null));
      return;
    }
    Asking asking = kind == 'w' ? Asking.WAIT
        : kind == 'i' || mutant == Mutant.UNITS_AGAIN ? Asking.IDEMPOTENT : Asking.UNIT;
    mailbox.<Integer>ask(asking, reply -> new Say(number, kind == 'w', reply)).onEnd(outcome -> told(number,
        outcome instanceof dev.tenon.runtime.Outcome.Failed<Integer>(var cause)
            ? cause.getClass().getSimpleName()
            : "done"));
  }

  private void begin(int counted) {
    int id = seats.size();
    Seat<Object, Integer> seat = mailbox.<Object, Integer>seat(context -> {
      Counter made = new Counter(id, context, counted);
      counters.add(made);
      return made;
    });
    seats.add(seat);
    opened = false;
    seat.start();
  }

  private void strand(String move) {
    Seat<Object, Integer> serving = seats.getLast();
    switch (move) {
      case "strand opens" -> {
        opened = true;
        serving.settled();
      }
      case "strand seals" -> {
        swaps++;
        if (mutant == Mutant.NOT_PAUSED) {
          early = counters.isEmpty() ? 0 : counters.getLast().counted;
        } else {
          serving.seal();
        }
      }
      case "strand gives the handover up" -> {
        lates++;
        if (mutant == Mutant.NOT_TAKEN_BACK) {
          forgot = true;
        } else {
          serving.settled();
        }
      }
      case "strand hands over" -> handOver(serving);
      case "strand retires" -> {
        Seat<Object, Integer> old = retires;
        retires = null;
        if (old != null) {
          old.end();
        }
      }
      case "strand evicts" -> {
        evictions++;
        serving.end();
        begin(count);
      }
      case "strand hears of a failure" -> {
        port.broken = null;
        // A batch of the successor finds that it is not its own.
        for (Seat<Object, Integer> each : List.copyOf(seats)) {
          if (each.isOver() && !each.hasEnded() && each == serving) {
            each.end();
            begin(count);
          }
        }
      }
      default -> throw new IllegalArgumentException(move);
    }
  }

  private void handOver(Seat<Object, Integer> serving) {
    Integer summary = early == null ? serving.summary() : early;
    early = null;
    if (summary != count) {
      throw new Wrong("the summary knows of " + summary + " messages, " + count + " were handled");
    }
    retires = serving;
    begin(mutant == Mutant.SUMMARY_FORGOTTEN ? 0 : summary);
  }

  /// Nothing more may happen: is all done that was to be?
  void checkEnd() {
    for (int sender = 0; sender < sent.length; sender++) {
      for (int i = 0; i < bounds.scripts().get(sender).length(); i++) {
        int number = sender * STRIDE + i;
        if (kind(number) == 'm' && handled[number] == 0) {
          throw new Wrong("message " + number + " is lost");
        }
        if (kind(number) != 'm' && told[number].isEmpty()) {
          throw new Wrong("the sender of " + number + " waits for ever");
        }
      }
    }
    if (counters.getLast().counted != count) {
      throw new Wrong("who serves has counted " + counters.getLast().counted + ", " + count + " were handled");
    }
  }

  /// All that tells one state from another.
  String key() {
    StringBuilder key = new StringBuilder(mailbox.toString());
    for (int i = 0; i < seats.size(); i++) {
      key.append('|').append(seats.get(i));
    }
    counters.forEach(each -> key.append('|').append(each));
    port.hosts.forEach(each -> key.append('|').append(each));
    return key.append('|').append(java.util.Arrays.toString(sent)).append(java.util.Arrays.toString(handled))
        .append(java.util.Arrays.toString(by)).append(java.util.Arrays.toString(told)).append(count).append(newest)
        .append(',').append(swaps).append(',').append(lates).append(',').append(throwing).append(',').append(evictions)
        .append(throwNext).append(retires == null ? -1 : seats.indexOf(retires)).append(opened).append(forgot)
        .append(early).append(port.broken == null).toString();
  }
}
