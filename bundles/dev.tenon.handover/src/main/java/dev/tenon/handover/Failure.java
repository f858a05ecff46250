package dev.tenon.handover;

import dev.tenon.codec.ConfigException;
import dev.tenon.codec.TenonException;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.NoSpaceException;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverRefusedException;
import dev.tenon.slot.LostItemsException;

/// What went wrong, copied: an exception that passed through a provider's frames holds its classes, so none is kept.
///
/// @param kind what follows from it
/// @param text type name and text
/// @param told the same for callers, without the provider's frames
/// @param outcome how a handover ends for it
record Failure(Kind kind, String text, RuntimeException told, HandoverOutcome.Kind outcome) {
  enum Kind {
    /// What is stored is damaged. Repeating does not heal it.
    CORRUPTION,
    /// What was acknowledged is not there any more. Opening again may find nothing wrong, and heals nothing either.
    LOST,
    /// What is stored and what is configured do not fit. Repeating does not heal it.
    REFUSED,
    /// Opening again may help.
    BROKEN
  }

  /// What a task of a strand ends with where it has failed: its outcome is an exception.
  @SuppressWarnings("serial") // nobody writes it
  private static final class Passed extends RuntimeException {
    private final Failure failure;

    Passed(Failure failure) {
      super(failure.text(), null, false, false);
      this.failure = failure;
    }
  }

  Failure(Kind kind, String text, RuntimeException told) {
    this(kind, text, told, kind == Kind.CORRUPTION || kind == Kind.LOST
        ? HandoverOutcome.Kind.DAMAGED
        : HandoverOutcome.Kind.FAILED);
  }

  /// Where a provider may have thrown it: on its strand.
  static Failure of(RuntimeException cause) {
    if (cause instanceof Passed passed) {
      return passed.failure;
    }
    if (cause instanceof HandoverRefusedException refused) {
      String why = String.valueOf(refused.getMessage());
      return new Failure(Kind.BROKEN, why, new UnavailableException(why), refused.kind());
    }
    String type = cause instanceof TenonException ? cause.getClass().getSimpleName() : cause.getClass().getName();
    Kind kind = switch (cause) {
      case LostItemsException lost -> Kind.LOST;
      case CorruptionException damage -> Kind.CORRUPTION;
      case ConfigException refused -> Kind.REFUSED;
      default -> Kind.BROKEN;
    };
    String message;
    try {
      message = String.valueOf(cause.getMessage());
    } catch (RuntimeException | Error again) { // what it would need to say so is gone, as its bundle is
      return new Failure(kind, type, new StorageFailedException(type));
    }
    String text = type + ": " + message;
    return new Failure(kind, text, copy(cause, message, text));
  }

  /// For [#of] on the other side of a strand.
  RuntimeException passed() {
    return new Passed(this);
  }

  private static RuntimeException copy(RuntimeException cause, String message, String text) {
    return switch (cause) {
      case CorruptionException damage -> new CorruptionException(damage.partition(), damage.blob(), damage.offset(),
          damage.expected(), damage.found());
      case ConfigException refused -> new ConfigException(refused.key(), refused.value(), refused.accepted());
      case NoSpaceException full -> new NoSpaceException(message);
      case UnavailableException away -> new UnavailableException(message);
      case OutcomeUnknownException unknown -> new OutcomeUnknownException(message);
      default -> new StorageFailedException(text);
    };
  }
}
