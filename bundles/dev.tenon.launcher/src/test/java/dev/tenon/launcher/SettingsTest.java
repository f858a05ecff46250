package dev.tenon.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private final Path folder;
  private final Settings settings = new Settings(Path.of("/the/data"));

  SettingsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void laterKeysWinAndOthersStay() throws Exception {
    settings.add(file("{ \"a.b\": { \"x\": 1, \"y\": 2 } }"));
    settings.add(file("{ \"a.b\": { \"x\": 3 } }"));
    settings.add("a.b.z=4");
    assertThat(settings.document()).endsWith("\"a.b\":{\"x\":3,\"y\":2,\"z\":4}}");
  }

  @Test
  void takesJsonAsItsTypeAndAllElseAsText() {
    settings.add("p.a=true");
    settings.add("p.b=[1,2]");
    settings.add("p.c=v0/journal/x");
    settings.add("p.d=1,2");
    settings.add("p.e=");
    settings.add("p.f=\"5\"");
    assertThat(settings.document())
        .endsWith("\"p\":{\"a\":true,\"b\":[1,2],\"c\":\"v0/journal/x\",\"d\":\"1,2\",\"e\":\"\",\"f\":\"5\"}}");
  }

  @Test
  void takesWhatWasChangedLiveOverTheProfileAndUnderSet() throws Exception {
    settings.add(file("{ \"p~1\": { \"x\": 1, \"y.target\": \"(a=b)\", \"z\": 3 } }"));
    settings.addLive(folder.resolve("absent.properties"));
    settings.addLive(Files.writeString(folder.resolve("c.properties"), "p~1/x=5\np~1/y.target=(a\\=c)\np~1/z=6\n"));
    settings.add("p~1.z=7");
    assertThat(settings.document()).endsWith("\"p~1\":{\"x\":5,\"y.target\":\"(a=c)\",\"z\":7}}");
  }

  @Test
  void givesValuesTheTypesThatTheirKeysName() throws Exception {
    settings
        .add(file("{ \"p~1\": { \"n:Integer\": 5, \"l\": 5, \"many\": [\"x\", \"y\"] }, \"q\": { \"on\": true } }"));
    Map<String, Hashtable<String, Object>> all = settings.configurations();
    assertThat(all).containsOnlyKeys("p~1", "q");
    assertThat(all.get("p~1")).containsEntry("n", 5).containsEntry("l", 5L).containsEntry("many",
        new String[] {"x", "y"});
    assertThat(all.get("q")).containsEntry("on", true);
  }

  @Test
  void refusesAValueThatIsNotOfTheTypeOfItsKey() {
    settings.add("p.n:Integer=five");
    assertThatThrownBy(settings::configurations).isInstanceOf(UsageException.class).hasMessageContaining("p")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesLiveSettingsWithoutAPid() throws Exception {
    for (String text : new String[] {"x=5", "/x=5", "p/x=\\u00"}) {
      Path file = Files.writeString(folder.resolve("c.properties"), text);
      assertThatThrownBy(() -> settings.addLive(file)).as(text).isInstanceOf(UsageException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void namesTheDataFolder() throws Exception {
    settings.add(file("{ /* a comment */ \"p\": { \"f\": \"${data}/x\" } }"));
    assertThat(settings.document()).contains("\"f\":\"/the/data/x\"");
  }

  @Test
  void refusesWhatIsNoObject() throws Exception {
    for (String text : new String[] {"", "[", "[1]", "{ \"p\": 1 }", "{ \"p\": { ", "nonsense"}) {
      Path file = file(text);
      assertThatThrownBy(() -> settings.add(file)).as(text).isInstanceOf(UsageException.class)
          .hasMessageContaining(file.toString());
    }
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("f.json"), text);
  }
}
