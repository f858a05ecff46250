package dev.tenon.itests.wiring;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.tenon.itests.support.Await;
import dev.tenon.itests.support.Node;
import dev.tenon.itests.support.ShowOnFailure;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import javax.inject.Inject;
import org.jspecify.annotations.NullUnmarked;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.ops4j.pax.exam.util.Filter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

@NullUnmarked // Pax Exam fills the fields
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class MinimalProfileIT {
  private static final int SECONDS_MAX = 30;

  @Inject
  @Filter("(tenon.control=true)")
  private Function<String, String> control;

  @Inject
  private BundleContext context;

  @Rule
  public final ShowOnFailure show = new ShowOnFailure(() -> control);

  @Configuration
  public Option[] container() throws Exception {
    return new Option[] {Node.profile("minimal")};
  }

  @Test
  public void everyBundleIsActive() {
    List<String> down = Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getHeaders().get("Fragment-Host") == null && bundle.getState() != Bundle.ACTIVE)
        .map(Bundle::getSymbolicName).toList();
    assertEquals(List.of(), down);
  }

  @Test
  public void noComponentWaitsForAnything() {
    Await.until("all components up", SECONDS_MAX, () -> control.apply("why").contains("no component waits"));
    assertTrue(control.apply("status"), control.apply("status").contains("dev.tenon.shell"));
  }

  @Test
  public void isHealthy() {
    Await.until("healthy", SECONDS_MAX, () -> control.apply("health").startsWith("ok\n"));
  }

  @Test
  public void takesItsConfigurationFromTheProfile() {
    assertTrue(control.apply("notices"), control.apply("notices").contains("metrics at http://127.0.0.1:"));
  }
}
