package dev.tenon.shell;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// Configuration of [Shell].
@ObjectClassDefinition(name = "Shell", description = "Commands, control socket and metrics of a node")
public @interface ShellConfig {
  /// @return the data folder
  @AttributeDefinition(description = "The node's data folder, in which the control socket lies; empty: no socket")
  String dataFolder() default "";

  /// @return the port
  @AttributeDefinition(description = "Loopback port of /metrics; 0 takes any free one", min = "0", max = "65535")
  int metricsPort() default 0;
}
