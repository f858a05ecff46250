/// Ordered broadcast: one engine of sequencer and validator duties, as an actor and the parts of its state.
///
/// Each part has one duty and is called only in the engine's turns: what is accepted ([Tips], [Evidence]), what is
/// checked ([NodeChecks], [AckChecks]), what is durable ([Log], [Chain]), what is voted ([Voting]) and what is proposed
/// ([Proposing]). [Engine] passes from one to the next. Nothing is signed, sent or told from state that is not durable.
///
/// Source: commonware v2026.5.0, consensus/src/ordered_broadcast/.
@NullMarked
package dev.tenon.broadcast.ordered;

import org.jspecify.annotations.NullMarked;
