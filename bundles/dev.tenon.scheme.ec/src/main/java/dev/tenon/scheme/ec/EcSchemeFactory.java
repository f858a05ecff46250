package dev.tenon.scheme.ec;

import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureVerifier;
import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// Offers a certificate scheme of signature lists to the slots of one node: a thin skin over [EcSchemes].
@Component(name = "dev.tenon.scheme.ec", service = SchemeFactory.class,
    configurationPolicy = ConfigurationPolicy.REQUIRE, property = {"tenon.role=scheme", "scheme=ed25519"})
@Designate(ocd = EcSchemeFactory.Config.class, factory = true)
public final class EcSchemeFactory implements SchemeFactory {
  /// One instance a node and arithmetic.
  @ObjectClassDefinition(name = "Certificates as lists of signatures")
  public @interface Config {
    /// Selects the node's runtime.
    ///
    /// @return a filter on `tenon.node`
    @AttributeDefinition(description = "Filter that selects the node's runtime, such as (tenon.node=v0)")
    String runtime_target() default "(tenon.node=local)";

    /// Selects the node's verifier, and so the arithmetic.
    ///
    /// @return a filter on `tenon.node` and `tenon.arithmetic`
    @AttributeDefinition(
        description = "Filter that selects the node's verifier and its arithmetic, own or bouncycastle")
    String verifier_target() default "(&(tenon.node=local)(tenon.arithmetic=own))";

    /// Tells the handover whose it is.
    ///
    /// @return the node's name
    @AttributeDefinition(description = "The node whose slots it may fill")
    String tenon_node() default "local";

    /// Its name as a provider.
    ///
    /// @return a short name
    @AttributeDefinition(description = "Short name of the provider: local, or bouncycastle for that arithmetic")
    String tenon_provider() default "local";
  }

  private final String name;
  private final Runtime runtime;
  private final SignatureAlgorithm algorithm;
  private final SignatureVerifier verifier;

  /// Takes its references.
  ///
  /// @param config its name
  /// @param runtime the node's
  /// @param algorithm of keys and votes
  /// @param verifier the node's
  @Activate
  public EcSchemeFactory(Config config, @Reference(name = "runtime") Runtime runtime,
      @Reference(name = "algorithm", target = "(tenon.algorithm=ed25519)") SignatureAlgorithm algorithm,
      @Reference(name = "verifier") SignatureVerifier verifier) {
    this.name = config.tenon_provider();
    this.runtime = runtime;
    this.algorithm = algorithm;
    this.verifier = verifier;
  }

  @Override
  public Description describe() {
    return new Description(name, algorithm.name(), List.of(algorithm.name()), Integer.MAX_VALUE);
  }

  @Override
  public SchemeProvider open(OpenContext context) {
    return new EcSchemes(runtime, algorithm, verifier);
  }
}
