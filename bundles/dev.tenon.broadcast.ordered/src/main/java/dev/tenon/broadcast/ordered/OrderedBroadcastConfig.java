package dev.tenon.broadcast.ordered;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// One engine. The targets of its references are keys of their own, such as `journals.target`.
@ObjectClassDefinition(name = "Ordered broadcast", description = "One engine of ordered broadcast")
public @interface OrderedBroadcastConfig {
  /// The engine's name.
  ///
  /// @return unique on its node
  @AttributeDefinition(description = "Name of the engine, unique on its node")
  String engine();

  /// The engine's key.
  ///
  /// @return a name that [dev.tenon.crypto.Signers] knows
  @AttributeDefinition(description = "Name of the key that is its peer identity and signs its chunks")
  String key();

  /// Whether it has a chain of its own.
  ///
  /// @return false for an engine that only validates
  @AttributeDefinition(description = "Whether it proposes chunks where it is a sequencer")
  boolean proposes() default true;

  /// The application's namespace.
  ///
  /// @return the same with all peers
  @AttributeDefinition(description = "What all signatures are bound to; the same with all peers")
  String namespace() default "tenon";

  /// The prefix of the two channels.
  ///
  /// @return the same with all peers
  @AttributeDefinition(description = "Prefix of the names of its two channels; the same with all peers")
  String channel() default "broadcast";

  /// The prefix of its journals' names.
  ///
  /// @return empty for `ordered-broadcast-seq-<own key in hex>-`
  @AttributeDefinition(description = "Prefix of its journals' names; empty: ordered-broadcast-seq-<own key>-")
  String journalPrefix() default "";

  /// Heights that share a section.
  ///
  /// @return 1 or more
  @AttributeDefinition(description = "Heights that share a section of a journal", min = "1")
  int heightsPerSection() default 64;

  /// Old epochs whose acks count.
  ///
  /// @return 0 or more
  @AttributeDefinition(description = "Acks count for so many epochs below the current one", min = "0")
  int epochBoundOld() default 1;

  /// New epochs whose acks count.
  ///
  /// @return 0 or more
  @AttributeDefinition(description = "Acks count for so many epochs above the current one", min = "0")
  int epochBoundNew() default 1;

  /// Heights above the tip whose acks count.
  ///
  /// @return 0 to 1,024
  @AttributeDefinition(description = "Acks count up to so many heights above the tip", min = "0", max = "1024")
  int heightBound() default 2;

  /// When an uncertified tip is sent again.
  ///
  /// @return in milliseconds, 1 to 3,600,000
  @AttributeDefinition(description = "An own tip without a certificate is sent again after so long", min = "1",
      max = "3600000")
  int rebroadcastTimeoutMs() default 1_000;

  /// The first pause after the application had nothing to propose.
  ///
  /// @return in milliseconds, 1 to 60,000; doubles up to 64 times this
  @AttributeDefinition(description = "First pause after there was nothing to propose; doubles up to 64 times this",
      min = "1", max = "60000")
  int proposeBackoffMs() default 10;

  /// The priority of nodes.
  ///
  /// @return whether nodes go before other messages
  @AttributeDefinition(description = "Whether nodes are sent before other messages")
  boolean priorityProposals() default false;

  /// The priority of acks.
  ///
  /// @return whether acks go before other messages
  @AttributeDefinition(description = "Whether acks are sent before other messages")
  boolean priorityAcks() default false;

  /// The longest message.
  ///
  /// @return in bytes, 1,024 to 16,777,216
  @AttributeDefinition(description = "Longest message on both channels in bytes", min = "1024", max = "16777216")
  int messageBytesMax() default 1_048_576;

  /// The name of its health check.
  ///
  /// @return what health tables call it
  @AttributeDefinition(name = "hc.name", description = "Name of its health check")
  String hc_name() default "broadcast";
}
