package dev.tenon.scheme.ec;

import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureVerifier;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.CertificateForm;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.Runtime;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// Offers a certificate scheme of signature lists to one node's engines directly, where no slot stands between.
@Component(name = "dev.tenon.scheme.ec", service = SchemeProvider.class,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = "scheme=ed25519")
@Designate(ocd = EcSchemeProvider.Config.class, factory = true)
public final class EcSchemeProvider implements SchemeProvider {
  /// One instance a node.
  @ObjectClassDefinition(name = "Certificates as lists of signatures")
  public @interface Config {
    /// Selects the node's runtime.
    ///
    /// @return a filter on `tenon.node`
    @AttributeDefinition(description = "Filter that selects the node's runtime, such as (tenon.node=v0)")
    String runtime_target() default "(tenon.node=local)";

    /// Selects the node's verifier.
    ///
    /// @return a filter on `tenon.node`
    @AttributeDefinition(description = "Filter that selects the node's verifier, such as (tenon.node=v0)")
    String verifier_target() default "(tenon.node=local)";

    /// Tells engines whose it is.
    ///
    /// @return a full slot name
    @AttributeDefinition(description = "The place it fills, <node>/scheme/<use>: engines select it by this name")
    String tenon_slot() default "local/scheme/broadcast";
  }

  private final EcSchemes schemes;

  /// Takes its references.
  ///
  /// @param runtime the node's
  /// @param algorithm of keys and votes
  /// @param verifier the node's
  @Activate
  public EcSchemeProvider(@Reference(name = "runtime") Runtime runtime,
      @Reference(name = "algorithm", target = "(tenon.algorithm=ed25519)") SignatureAlgorithm algorithm,
      @Reference(name = "verifier") SignatureVerifier verifier) {
    this.schemes = new EcSchemes(runtime, algorithm, verifier);
  }

  @Override
  public String scheme() {
    return schemes.scheme();
  }

  @Override
  public void register(long epoch, Participants participants, Optional<SignerHandle> signer) {
    schemes.register(epoch, participants, signer);
  }

  @Override
  public void forgetBefore(long epoch) {
    schemes.forgetBefore(epoch);
  }

  @Override
  public Optional<CertificateScheme> scoped(long epoch) {
    return schemes.scoped(epoch);
  }

  @Override
  public Optional<CertificateScheme> all() {
    return schemes.all();
  }

  @Override
  public CertificateForm form() {
    return schemes.form();
  }
}
