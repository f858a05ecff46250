package dev.tenon.devnet;

import dev.tenon.codec.ConfigException;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.Signers;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.Runtime;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/// One node's seat in the committee: opens its keys, or makes them, and joins.
///
/// Immediate: engines wait for the committee, which is complete only once every node has joined. Apart from
/// [DevnetNode]: the last one to join lets the engines start, and these take the application while this is still being
/// activated.
@Component(name = "dev.tenon.devnet.member", service = {}, immediate = true,
    configurationPid = "dev.tenon.devnet.node", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DevnetNodeConfig.class, factory = true)
public final class DevnetMember {
  private static final int SEQUENCERS_MAX = 64;

  private final Devnet devnet;
  private final String node;
  private final SchemeProvider schemes;

  /// Opens the node's keys, or makes them, and joins the committee.
  ///
  /// @param config checked
  /// @param devnet what the nodes share
  /// @param runtime the node's
  /// @param schemes the node's
  /// @param signers where keys lie
  @Activate
  public DevnetMember(DevnetNodeConfig config, @Reference(name = "devnet") Devnet devnet,
      @Reference(name = "runtime") Runtime runtime, @Reference(name = "schemes") SchemeProvider schemes,
      @Reference(name = "signers") Signers signers) {
    if (config.sequencers() < 0 || config.sequencers() > SEQUENCERS_MAX) {
      throw new ConfigException("dev.tenon.devnet.node.sequencers", Integer.toString(config.sequencers()),
          "0 to " + SEQUENCERS_MAX);
    }
    this.devnet = devnet;
    this.node = runtime.node();
    this.schemes = schemes;
    SignerHandle validator = signers.signer(runtime, "validator-" + node);
    List<PublicKey> sequencers = new ArrayList<>();
    for (int i = 0; i < config.sequencers(); i++) {
      sequencers.add(signers.signer(runtime, "sequencer-" + node + "-" + i).publicKey());
    }
    devnet.join(node, new Committee.Member(validator, sequencers, schemes));
  }

  /// Leaves.
  @Deactivate
  void deactivate() {
    devnet.leave(node, schemes);
  }
}
