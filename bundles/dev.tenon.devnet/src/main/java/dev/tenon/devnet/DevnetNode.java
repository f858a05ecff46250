package dev.tenon.devnet;

import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Automaton;
import dev.tenon.broadcast.Context;
import dev.tenon.broadcast.Relay;
import dev.tenon.broadcast.Reporter;
import dev.tenon.codec.ConfigException;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.Signers;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// One node of the devnet: its keys, and its application (automaton, relay and reporter in one).
@Component(name = "dev.tenon.devnet.node", service = {Automaton.class, Relay.class, Reporter.class},
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DevnetNode.Config.class, factory = true)
public final class DevnetNode implements Automaton, Relay, Reporter {
  private static final int SEQUENCERS_MAX = 64;

  /// One instance a node.
  @ObjectClassDefinition(name = "Node of a devnet")
  public @interface Config {
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

  private final Devnet devnet;
  private final String node;
  private final SchemeProvider schemes;
  private final NodeDesk desk;

  /// Opens the node's keys, or makes them, and joins the committee.
  ///
  /// @param config checked
  /// @param devnet what the nodes share
  /// @param runtime the node's
  /// @param schemes the node's
  /// @param signers where keys lie
  @Activate
  public DevnetNode(Config config, @Reference(name = "devnet") Devnet devnet,
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
    this.desk = devnet.desk(runtime);
    devnet.join(node, new Committee.Member(validator, sequencers, schemes));
  }

  /// Ends the application; what engines ask from now on fails as unavailable.
  @Deactivate
  void deactivate() {
    desk.stop();
    devnet.leave(node, schemes);
  }

  @Override
  public void propose(Context context, Promise<Digest> answer) {
    desk.propose(context, answer);
  }

  @Override
  public void verify(Context context, Digest payload, Promise<Boolean> answer) {
    desk.verify(context, payload, answer);
  }

  @Override
  public void broadcast(Context context, Digest payload) {
    desk.broadcast(context, payload);
  }

  @Override
  public void report(Activity activity) {
    desk.report(activity);
  }
}
