package dev.tenon.p2p.local;

import dev.tenon.p2p.Channel;
import dev.tenon.p2p.Received;
import dev.tenon.p2p.Transport;
import dev.tenon.crypto.PublicKey;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Runtime;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// Offers channels between the peers of this process to one node: a thin skin over [LocalTransport].
@Component(name = "dev.tenon.p2p.local", configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {"tenon.role=transport", "tenon.provider=local"})
@Designate(ocd = LocalTransportProvider.Config.class, factory = true)
public final class LocalTransportProvider implements Transport {
  /// One instance a node.
  @ObjectClassDefinition(name = "Transport within the process")
  public @interface Config {
    /// Selects the node's runtime.
    ///
    /// @return a filter on `tenon.node`
    @AttributeDefinition(description = "Filter that selects the node's runtime, such as (tenon.node=v0)")
    String runtime_target() default "(tenon.node=local)";

    /// Tells engines whose it is.
    ///
    /// @return a full slot name
    @AttributeDefinition(description = "The place it fills, <node>/transport/<use>: engines select it by this name")
    String tenon_slot() default "local/transport/broadcast";
  }

  private final LocalTransport transport;

  /// Takes its reference.
  ///
  /// @param runtime the node's
  @Activate
  public LocalTransportProvider(@Reference(name = "runtime") Runtime runtime) {
    this.transport = new LocalTransport(runtime);
  }

  @Override
  public Channel channel(PublicKey self, String channel, int messageBytesMax, Function<Received, Offer> received) {
    return transport.channel(self, channel, messageBytesMax, received);
  }
}
