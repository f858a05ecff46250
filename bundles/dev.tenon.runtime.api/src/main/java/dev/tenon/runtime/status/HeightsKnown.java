package dev.tenon.runtime.status;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/// The highest heights of chains that a part of a node knows, from what it holds and what it has heard: what an
/// operator looks at before a node signs again on storage that was brought back and may be older than what it has
/// signed. Called from any thread; answers from memory.
@ConsumerType
public interface HeightsKnown {
  /// @return at most 10,000, one a chain
  List<Known> heights();

  /// How high one chain is for one part of a node.
  ///
  /// @param node where that part runs
  /// @param part its name on that node
  /// @param chain in the same words whoever tells of it
  /// @param height the highest known, unsigned; -1 if there is none
  /// @param own whether this part signs what the chain consists of: nobody else tells it how high that is
  record Known(String node, String part, String chain, long height, boolean own) {}
}
