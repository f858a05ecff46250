package dev.tenon.soak;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.storage.Volume;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/// Offers each node's runtime a second time, with the property `tenon.soak`: the same in all, but a slot's strands pass
/// by [HoldPoint] before and after each step, and with what a step makes durable. That on which its locations are
/// deleted is among them. The bundle `handover` is told by configuration to take these.
@Component(name = "dev.tenon.soak.runtimes", service = {}, immediate = true)
public final class ProbedRuntimes {
  private final BundleContext bundles;
  private final HoldPoint point;
  private final Map<String, ServiceRegistration<Runtime>> offered = new TreeMap<>();

  /// Takes its references.
  ///
  /// @param bundles registers what is offered
  /// @param point where slots pass by
  @Activate
  public ProbedRuntimes(BundleContext bundles, @Reference(name = "point") HoldPoint point) {
    this.bundles = bundles;
    this.point = point;
  }

  /// A runtime comes.
  ///
  /// @param runtime the node's
  @Reference(name = "runtimes", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
      target = "(tenon.node=*)")
  synchronized void bindRuntime(Runtime runtime) {
    offered.put(runtime.node(), bundles.registerService(Runtime.class, probed(runtime, point),
        FrameworkUtil.asDictionary(Map.of("tenon.soak", runtime.node()))));
  }

  /// It goes.
  ///
  /// @param runtime the node's
  synchronized void unbindRuntime(Runtime runtime) {
    ServiceRegistration<Runtime> gone = offered.remove(runtime.node());
    if (gone != null) {
      gone.unregister();
    }
  }

  /// Takes all back.
  @Deactivate
  synchronized void deactivate() {
    offered.values().forEach(ServiceRegistration::unregister);
    offered.clear();
  }

  /// A proxy, so that what the contract gains passes through untouched.
  static Runtime probed(Runtime runtime, HoldPoint point) {
    return (Runtime) Proxy.newProxyInstance(Runtime.class.getClassLoader(), new Class<?>[] {Runtime.class},
        (proxy, method, words) -> {
          try {
            Object answer = method.invoke(runtime, words);
            if (answer instanceof Volume volume) {
              return ProbedStorage.of(Volume.class, volume, point);
            }
            return answer instanceof Strand strand && String.valueOf(words[0]).matches("(slot|desk|sweep):.*")
                ? new Probed(strand, String.valueOf(words[0]), point)
                : answer;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private record Probed(Strand strand, String name, HoldPoint point) implements Strand {
    @Override
    public <T> Completion<T> run(String step, Supplier<T> task) {
      return strand.run(step, () -> point.within(name, step, task));
    }

    @Override
    public <T> T await(Completion<T> owed, long timeoutMs) throws TimeoutException {
      return strand.await(owed, timeoutMs);
    }

    @Override
    public void giveUp() {
      strand.giveUp();
    }

    @Override
    public List<String> doing(int framesMax) {
      return strand.doing(framesMax);
    }
  }
}
