package dev.tenon.soak;

import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Reporter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// Records what the engines of one node report: accepted tips, and certificates.
@Component(name = "dev.tenon.soak.watch", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Watch.Config.class, factory = true)
public final class Watch implements Reporter {
  /// Whose reports.
  @ObjectClassDefinition(name = "Soak watch", description = "Records the reports of a node's engines")
  public @interface Config {
    /// By which engines find it.
    ///
    /// @return a node and what reports, such as `v0-validator`
    @AttributeDefinition(description = "Name by which engines select it in reporters.target")
    String tenon_soak() default "";

    /// By which engines find it that take the reporters of their node.
    ///
    /// @return a node, or empty
    @AttributeDefinition(description = "Node whose engines report to it, or empty")
    String tenon_node() default "";
  }

  private final History history;
  private final String who;

  /// Takes its reference.
  ///
  /// @param config whose reports
  /// @param history what was reported
  @Activate
  public Watch(Config config, @Reference(name = "history") History history) {
    this.history = history;
    this.who = config.tenon_soak();
  }

  @Override
  public void report(Activity activity) {
    switch (activity) {
      case Activity.Tip(var proposal) -> line("tip", proposal.chunk());
      case Activity.Locked(var lock) -> line("lock", lock.chunk());
    }
  }

  private void line(String kind, Chunk chunk) {
    history.line(kind, who, chunk.sequencer().bytes().hex(), Long.toUnsignedString(chunk.height().value()),
        chunk.payload().bytes().hex());
  }
}
