package dev.tenon.handover;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Runtime;

/// Waits for the conductor that an earlier start of the bundle has left behind: one of its slots cannot end, because a
/// write has not returned. Another one beside it would write the same records. Nothing of that start can tell when it
/// is over, since its classes may be gone: so it is looked at, after ever longer.
final class FormerConductor implements Actor<FormerConductor.Message> {
  /// What it hears.
  sealed interface Message {
    /// To look again.
    record Look(long afterMs) implements Message {}

    /// Nobody waits any more.
    record Leave() implements Message {}
  }

  private static final long LOOK_MS_MIN = 50;
  private static final long LOOK_MS_MAX = 1_000;

  private final Runtime runtime;
  private final Context<Message> context;
  private final Runnable ended;

  private FormerConductor(Runtime runtime, Context<Message> context, Runnable ended) {
    this.runtime = runtime;
    this.context = context;
    this.ended = ended;
  }

  /// @param ended runs once, in an actor's turn, when another conductor may be made
  /// @return takes [Message.Leave]
  static Mailbox<Message> await(Runtime runtime, Runnable ended) {
    int number = 1;
    while (runtime.hasActor(name(number))) { // one that was told to leave does so at its next turn
      number++;
    }
    return runtime.spawn(name(number), MailboxSpec.oneLane(2),
        context -> new FormerConductor(runtime, context, ended));
  }

  private static String name(int number) {
    return "former-conductor-" + number;
  }

  @Override
  public void start() {
    look(LOOK_MS_MIN);
  }

  @Override
  public void handle(Message message) {
    switch (message) {
      case Message.Look(var afterMs) -> look(Math.min(2 * afterMs, LOOK_MS_MAX));
      case Message.Leave() -> context.stop();
    }
  }

  private void look(long againMs) {
    if (NodeSlots.mayBegin(runtime)) {
      context.stop();
      ended.run();
    } else {
      context.after(againMs, new Message.Look(againMs));
    }
  }
}
