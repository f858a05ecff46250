package dev.tenon.runtime;

/// State that one handler owns. All methods run one at a time, never two at once, with happens-before between them.
///
/// @param <M> the messages it takes
public interface Actor<M> {
  /// Runs once, before the first message.
  default void start() {}

  /// Handles one message to completion. Never blocks.
  ///
  /// @param message the next one
  void handle(M message);

  /// The last call, after [Context#stop] or when the node ends. Its runtime calls throw [Stopped].
  default void stopped() {}

  /// The last call, in place of [#stopped], after a handler or [#start] threw. A handler that throws is a bug: the
  /// actor has ended and its state may be half changed. Tells its component; does not go on. Of its runtime calls only
  /// [Mailbox#offer] still works.
  ///
  /// @param cause what was thrown
  default void failed(Throwable cause) {}
}
