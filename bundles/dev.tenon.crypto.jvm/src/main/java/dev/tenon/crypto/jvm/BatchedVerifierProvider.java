package dev.tenon.crypto.jvm;

import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.crypto.SignatureVerifier;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// Offers batched verification of ed25519 signatures to one node: a thin skin over [BatchedVerifier].
@Component(name = "dev.tenon.crypto.jvm.verifier", service = SignatureVerifier.class,
    configurationPolicy = ConfigurationPolicy.REQUIRE, property = SignatureAlgorithm.ALGORITHM + "=ed25519")
@Designate(ocd = BatchedVerifierProvider.Config.class, factory = true)
public final class BatchedVerifierProvider implements SignatureVerifier {
  /// One instance a node.
  @ObjectClassDefinition(name = "Batched verification of ed25519 signatures")
  public @interface Config {
    /// Selects the node's runtime.
    ///
    /// @return a filter on `tenon.node`
    @AttributeDefinition(description = "Filter that selects the node's runtime, such as (tenon.node=v0)")
    String runtime_target() default "(tenon.node=local)";

    /// Tells others whose it is.
    ///
    /// @return the node's name
    @AttributeDefinition(description = "The node's name: schemes and engines select their verifier by it")
    String tenon_node() default "local";

    /// Selects the algorithm and its arithmetic.
    ///
    /// @return a filter on `tenon.algorithm` and `tenon.arithmetic`
    @AttributeDefinition(description = "Filter that selects the algorithm and its arithmetic")
    String algorithm_target() default "(&(tenon.algorithm=ed25519)(tenon.arithmetic=own))";

    /// Tells others which arithmetic it is.
    ///
    /// @return as in the filter
    @AttributeDefinition(description = "The arithmetic, own or bouncycastle: schemes and engines select by it")
    String tenon_arithmetic() default "own";
  }

  private final BatchedVerifier verifier;

  /// Takes its references.
  ///
  /// @param config which one it is
  /// @param runtime the node's
  /// @param algorithm checks batches
  @Activate
  public BatchedVerifierProvider(Config config, @Reference(name = "runtime") Runtime runtime,
      @Reference(name = "algorithm") SignatureAlgorithm algorithm) {
    this.verifier = new BatchedVerifier(runtime, algorithm, algorithm.name() + "-" + config.tenon_arithmetic());
  }

  /// Ends the gathering.
  @Deactivate
  void deactivate() {
    verifier.stop();
  }

  @Override
  public Completion<Boolean> verify(List<Item> items) {
    return verifier.verify(items);
  }

  @Override
  public Completion<boolean[]> verifyEach(List<Item> items) {
    return verifier.verifyEach(items);
  }
}
