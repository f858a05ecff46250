package dev.tenon.handover;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/// One slot.
@ObjectClassDefinition(name = "Slot", description = "A place in a node where a role is filled by a provider")
public @interface SlotConfig {
  /// The node.
  ///
  /// @return its name
  @AttributeDefinition(description = "Node, as named by its runtime")
  String node() default "local";

  /// The role.
  ///
  /// @return its name
  @AttributeDefinition(description = "Role, such as journal; 1 to 32 of a to z, 0 to 9 and -")
  String role() default "";

  /// The use.
  ///
  /// @return what the slot is used for
  @AttributeDefinition(description = "What the slot is used for, such as broadcast; 1 to 32 of a to z, 0 to 9 and -")
  String use() default "";

  /// The wish.
  ///
  /// @return short name of a provider
  @AttributeDefinition(
      description = "Short name of the provider wished for, 1 to 32 of a to z, 0 to 9 and -, perhaps with @ and a "
          + "version; empty takes any",
      required = false)
  String provider() default "";

  /// What it stands on.
  ///
  /// @return names of slots
  @AttributeDefinition(description = "Slots of the same node on which this one stands, each <role>/<use>; counts from "
      + "the slot's next start on", required = false)
  String[] beneath() default {};

  /// Pinned.
  ///
  /// @return whether no handover begins
  @AttributeDefinition(description = "Whether the provider that serves stays, whatever is wished for")
  boolean pinned() default false;

  /// When the provider goes.
  ///
  /// @return `park` or `migrate`
  @AttributeDefinition(description = "What is done when the provider that serves goes: park its units, or migrate to "
      + "another provider first, if that ends within goneBudgetMs", options = {@Option("park"), @Option("migrate")})
  String onGone() default "park";

  /// Newer versions.
  ///
  /// @return `none`, `patch` or `minor`
  @AttributeDefinition(description = "Which newer versions of the provider's bundle, installed beside it, take over by "
      + "themselves; others are offered", options = {@Option("none"), @Option("patch"), @Option("minor")})
  String follow() default "none";

  /// Units bound.
  ///
  /// @return units
  @AttributeDefinition(
      description = "Most units that are queued or not yet durable; counts from the slot's next start on", min = "64",
      max = "1048576")
  int unitsMax() default 65_536;

  /// Bytes bound.
  ///
  /// @return bytes
  @AttributeDefinition(description = "Most bytes that these hold; counts from the slot's next start on",
      min = "1048576", max = "4294967296")
  long bytesMax() default 67_108_864;

  /// Park timeout.
  ///
  /// @return ms
  @AttributeDefinition(description = "How long a unit waits for a provider, in ms", min = "100", max = "600000")
  long parkTimeoutMs() default 10_000;

  /// Operation deadline.
  ///
  /// @return ms
  @AttributeDefinition(description = "How long a provider's call may take, in ms", min = "100", max = "600000")
  long operationDeadlineMs() default 5_000;

  /// Open deadline.
  ///
  /// @return ms
  @AttributeDefinition(description = "How long recovering a location may take, in ms", min = "1000", max = "86400000")
  long openDeadlineMs() default 600_000;

  /// Seal deadline.
  ///
  /// @return ms
  @AttributeDefinition(description = "How long sealing and closing may take, in ms", min = "100", max = "2000")
  long sealDeadlineMs() default 2_000;

  /// First back-off.
  ///
  /// @return ms
  @AttributeDefinition(description = "Wait before the first attempt to recover, in ms", min = "1", max = "60000")
  long backOffMsMin() default 100;

  /// Longest back-off.
  ///
  /// @return ms
  @AttributeDefinition(description = "Longest wait between attempts, in ms", min = "1", max = "600000")
  long backOffMsMax() default 10_000;

  /// Rest of a wish.
  ///
  /// @return ms
  @AttributeDefinition(description = "How long a changed wish rests before a handover begins, in ms", min = "0",
      max = "60000")
  long quietMs() default 500;

  /// Prepare timeout.
  ///
  /// @return ms
  @AttributeDefinition(description = "How long a handover may be prepared, in ms", min = "1000", max = "86400000")
  long prepareTimeoutMs() default 3_600_000;

  /// Drain deadline.
  ///
  /// @return ms
  @AttributeDefinition(description = "How long a handover waits for the batch in flight, in ms", min = "10",
      max = "60000")
  long drainDeadlineMs() default 2_000;

  /// Fence budget.
  ///
  /// @return ms
  @AttributeDefinition(description = "How long the tail may take behind the fence, in ms", min = "10", max = "60000")
  long fenceBudgetMs() default 1_000;

  /// Gone budget.
  ///
  /// @return ms
  @AttributeDefinition(description = "How long a provider that goes is made to wait for a handover, its seal included, "
      + "with onGone=migrate, in ms", min = "0", max = "5000")
  long goneBudgetMs() default 5_000;

  /// Pace of copying.
  ///
  /// @return percent
  @AttributeDefinition(description = "How much of the time copying works while somebody is served, in percent; it "
      + "rests for the others", min = "5", max = "100")
  int copyPercent() default 50;

  /// Tail that rounds leave.
  ///
  /// @return items
  @AttributeDefinition(description = "Rounds of copying end when the last one carried at most so many items and left "
      + "at most so many; these are copied behind the fence", min = "1", max = "10000")
  int tailItemsMax() default SwapLimits.TAIL_ITEMS;

  /// Rounds.
  ///
  /// @return rounds
  @AttributeDefinition(description = "After so many rounds the fence comes with what is left, if that is at most "
      + "tailItemsHardMax; with more the handover is given up", min = "1", max = "1000")
  int roundsMax() default SwapLimits.ROUNDS_MAX;

  /// Longest tail.
  ///
  /// @return items
  @AttributeDefinition(description = "Most items that are copied behind the fence after roundsMax rounds; at least "
      + "tailItemsMax", min = "1", max = "1000000")
  int tailItemsHardMax() default SwapLimits.TAIL_ITEMS_HARD;

  /// Longest back-off of handovers.
  ///
  /// @return ms
  @AttributeDefinition(description = "Longest wait before a handover that has failed is tried again, in ms",
      min = "100",
      max = "86400000")
  long swapBackOffMsMax() default SwapLimits.BACK_OFF_MS_MAX;

  /// Retained locations.
  ///
  /// @return locations
  @AttributeDefinition(description = "Most locations that were handed over from and are kept", min = "0", max = "16")
  int retainedMax() default SwapLimits.RETAINED_MAX;

  /// Retention.
  ///
  /// @return ms
  @AttributeDefinition(description = "How long what was handed over from is kept, in ms", min = "0", max = "86400000")
  long retentionMs() default 600_000;
}
