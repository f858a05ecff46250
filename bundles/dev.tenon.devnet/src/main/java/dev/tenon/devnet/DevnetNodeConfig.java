package dev.tenon.devnet;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// One node of a devnet: factory PID `dev.tenon.devnet.node`, for its [DevnetMember] and its [DevnetNode].
@ObjectClassDefinition(name = "Node of a devnet")
public @interface DevnetNodeConfig {
  /// Selects the node's runtime.
  ///
  /// @return a filter on `tenon.node`
  @AttributeDefinition(description = "Filter that selects the node's runtime, such as (tenon.node=v0)")
  String runtime_target();

  /// Selects the node's schemes.
  ///
  /// @return a filter on `tenon.slot`
  @AttributeDefinition(description = "Filter that selects the node's certificate schemes")
  String schemes_target();

  /// Tells engines whose it is.
  ///
  /// @return the node's name
  @AttributeDefinition(description = "The node's name: engines select their application by it")
  String tenon_node();

  /// How many sequencers the node hosts.
  ///
  /// @return 0 to 64
  @AttributeDefinition(description = "Sequencers hosted here, each with a key named sequencer-<node>-<i>", min = "0",
      max = "64")
  int sequencers() default 8;
}
