package dev.tenon.broadcast.ordered;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What comes before an engine opens its first journal: a look whether its key has journals under another prefix. With
/// empty ones in their place it would sign a second chunk, and a second ack, of all heights that it has signed.
final class Beginning {
  private static final Logger log = LoggerFactory.getLogger(Beginning.class);

  private final Desk desk;
  private long retryMs = Log.RETRY_MS_MIN;
  private @Nullable Completion<?> asked;
  private boolean isOver;

  Beginning(Desk desk) {
    this.desk = desk;
  }

  /// Whether journals may be opened.
  boolean isOver() { return isOver; }

  void ask() {
    Completion<List<String>> names = desk.peers.journals().names();
    asked = names;
    names.then(Message.Named::new);
  }

  /// @return why the engine must not begin; empty where it may, or where that is asked again
  Optional<String> named(Outcome<List<String>> outcome) {
    asked = null;
    return switch (outcome) {
      case Outcome.Done<List<String>>(var names) -> {
        Optional<String> refusal =
            desk.settings.elsewhere(names, desk.peers.self().bytes().hex(), desk.peers.signer().isPresent());
        isOver = refusal.isEmpty();
        yield refusal;
      }
      case Outcome.Failed<List<String>>(var cause) -> {
        log.atWarn().addKeyValue("engine", desk.settings.engine()).addKeyValue("reason", cause.getMessage())
            .log("the journals' names are not known, they are asked for again");
        var unused = desk.context.after(retryMs, new Message.NamesDue());
        retryMs = Math.min(Log.RETRY_MS_MAX, retryMs * 2);
        yield Optional.empty();
      }
    };
  }

  /// Not while the slot serves nobody.
  void due() {
    if (desk.peers.journals().isActive()) {
      ask();
    } else {
      Completion<Long> active = desk.peers.journals().whenActive();
      asked = active;
      active.then(Message.NamesActive::new);
    }
  }

  void active(Outcome<Long> outcome) {
    asked = null;
    if (outcome instanceof Outcome.Done<Long>) {
      ask();
    } else {
      var unused = desk.context.after(retryMs, new Message.NamesDue());
    }
  }

  /// Nothing is waited for any more.
  void end() {
    Completion<?> waited = asked;
    asked = null;
    if (waited != null) {
      waited.cancel();
    }
  }
}
