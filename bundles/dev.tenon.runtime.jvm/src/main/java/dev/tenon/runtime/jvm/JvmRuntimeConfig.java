package dev.tenon.runtime.jvm;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// The keys of `dev.tenon.runtime.jvm`.
@ObjectClassDefinition(name = "Runtime", description = "Threads, files and the clock of this process's nodes")
public @interface JvmRuntimeConfig {
  /// @return names of the nodes
  @AttributeDefinition(description = "Names of the nodes in this process, each letters, digits, _ and -")
  String[] nodes() default {"local"};

  /// @return a path
  @AttributeDefinition(description = "Folder with one folder a node; relative to where the process was started")
  String dataDirectory() default "data";

  /// @return a count, or 0
  @AttributeDefinition(description = "Threads that run actors; 0: one a core, at least 2", min = "0", max = "1024")
  int actorThreads() default 0;

  /// @return a count
  @AttributeDefinition(description = "Threads that run strands", min = "1", max = "64")
  int ioThreads() default 16;

  /// @return a count
  @AttributeDefinition(description = "Threads that force files side by side", min = "1", max = "64")
  int syncThreads() default 16;

  /// @return a count, or 0
  @AttributeDefinition(description = "Threads for CPU work; 0: one less than cores, at least 1", min = "0",
      max = "1024")
  int computeThreads() default 0;
}
