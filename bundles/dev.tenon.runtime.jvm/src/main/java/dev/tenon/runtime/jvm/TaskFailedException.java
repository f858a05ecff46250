package dev.tenon.runtime.jvm;

import dev.tenon.codec.TenonException;
import dev.tenon.runtime.OutcomeUnknownException;

/// An error, such as a failed check, ended a task. It keeps the error's text, not its class: that may belong to a
/// bundle that goes.
final class TaskFailedException extends TenonException {
  private static final long serialVersionUID = 1L;

  TaskFailedException(String work, String step, Throwable fault) {
    super(work + " failed in step " + step + ": " + OutcomeUnknownException.text(fault));
  }
}
