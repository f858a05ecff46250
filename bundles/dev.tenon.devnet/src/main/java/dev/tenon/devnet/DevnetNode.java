package dev.tenon.devnet;

import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Automaton;
import dev.tenon.broadcast.Context;
import dev.tenon.broadcast.Relay;
import dev.tenon.broadcast.Reporter;
import dev.tenon.crypto.Digest;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/// The application of one node: automaton, relay and reporter in one, a thin skin over [NodeDesk].
@Component(name = "dev.tenon.devnet.node", service = {Automaton.class, Relay.class, Reporter.class},
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class DevnetNode implements Automaton, Relay, Reporter {
  private final NodeDesk desk;

  /// Starts the application.
  ///
  /// @param devnet what the nodes share
  /// @param runtime the node's
  @Activate
  public DevnetNode(@Reference(name = "devnet") Devnet devnet, @Reference(name = "runtime") Runtime runtime) {
    this.desk = devnet.desk(runtime);
  }

  /// Ends the application; what engines ask from now on fails as unavailable.
  @Deactivate
  void deactivate() {
    desk.stop();
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
