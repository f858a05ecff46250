package dev.tenon.signer.local;

import dev.tenon.codec.ConfigException;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.Signers;
import dev.tenon.runtime.Runtime;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// Offers keys that lie in files of this machine.
@Component(name = "dev.tenon.signer.local", configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {"tenon.signers=local"})
@Designate(ocd = LocalSigners.Config.class)
public final class LocalSigners implements Signers {
  /// Where keys lie.
  @ObjectClassDefinition(name = "Local signer", description = "Secret keys in files that only their owner can read")
  public @interface Config {
    /// The folder of the keys.
    ///
    /// @return a path; no default
    @AttributeDefinition(description = "Folder of the key files; made with the first key, closed to others")
    String directory();
  }

  private final KeyFiles files;

  /// Checks the configuration; touches no file.
  ///
  /// @param config where keys lie
  /// @param algorithm of the keys
  @Activate
  public LocalSigners(Config config,
      @Reference(name = "algorithm", target = "(tenon.algorithm=ed25519)") SignatureAlgorithm algorithm) {
    if (config.directory() == null || config.directory().isBlank()) {
      throw new ConfigException("dev.tenon.signer.local.directory", "", "the path of a folder");
    }
    this.files = new KeyFiles(Path.of(config.directory()), algorithm);
  }

  @Override
  public SignerHandle signer(Runtime runtime, String name) {
    return files.signer(runtime, name);
  }
}
