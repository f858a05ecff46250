package dev.tenon.handover;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotStatus;
import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/// Changes what is wished of a slot, where the wish stands: in its configuration. So it holds at the next start too.
@Component(name = "dev.tenon.handover.wishes", service = SlotWishes.class)
public final class SlotWishes {
  private final HandoverComponent slots;
  private final ConfigurationAdmin admin;
  /// By slot, and gone with the process: who gives up later wishes for who serves.
  private final ConcurrentSkipListMap<String, FormerWish> formers = new ConcurrentSkipListMap<>();

  /// Takes its references.
  ///
  /// @param slots what there is
  /// @param admin where wishes stand
  @Activate
  public SlotWishes(@Reference(name = "slots") HandoverComponent slots,
      @Reference(name = "admin") ConfigurationAdmin admin) {
    this.slots = slots;
    this.admin = admin;
  }

  /// The slot of a name.
  SlotStatus slot(String name) {
    List<SlotStatus> all = slots.slots();
    return all.stream().filter(slot -> slot.name().toString().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no slot '" + name + "'; there are "
            + all.stream().map(slot -> slot.name().toString()).collect(Collectors.joining(", "))));
  }

  /// Changes which provider is wished for, and lets that be acted upon at once.
  void swap(String name, String provider, boolean evict) {
    FormerWish former = FormerWish.asking(formers.get(name), slot(name), provider);
    wish(name, provider, evict);
    if (former == null) {
      formers.remove(name);
    } else {
      formers.put(name, former);
    }
  }

  /// Wishes again for what was wished for before somebody else was asked for.
  ///
  /// @param provider only if that is wished for; empty for whoever is
  /// @return what was done
  String giveUp(String name, String provider) {
    SlotStatus slot = slot(name);
    mayGiveUp(slot, provider);
    String wish = FormerWish.givenUp(formers.get(name), slot, present(name));
    if (wish.equals(slot.wish())) {
      return "nothing is prepared: what is wished for serves";
    }
    wish(name, wish, false);
    return "asked to give it up: wished for is " + (wish.isEmpty() ? "any provider" : wish);
  }

  /// Whoever names a provider does not give up what somebody else has asked for since.
  static void mayGiveUp(SlotStatus slot, String provider) {
    if (!provider.isEmpty() && !slot.wish().equals(provider) && !SwapCommand.shortName(slot.wish()).equals(provider)) {
      throw new IllegalArgumentException("slot '" + slot.name() + "' wishes for "
          + (slot.wish().isEmpty() ? "any provider" : slot.wish()) + ", not for " + provider);
    }
  }

  private void wish(String name, String provider, boolean evict) {
    SlotName slot = slot(name).name();
    slots.mayAsk(slot); // before anything is changed
    set(name, "provider", provider);
    slots.swap(slot, provider, evict);
  }

  /// Who is registered for a slot's role, as labels.
  List<String> present(String name) {
    return slots.present(slot(name).name());
  }

  /// What a handover would be.
  HandoverOutcome look(String name, String provider) {
    return slots.look(slot(name).name(), provider);
  }

  /// What may be done about a slot that has failed.
  List<String> explain(String name) {
    return slots.explain(slot(name).name());
  }

  /// Does it.
  List<String> recover(String name, String location) {
    return slots.recover(slot(name).name(), location);
  }

  /// Lets it be signed on again.
  ///
  /// @param generation in which the operator was shown what it holds; 0 where he is to be
  Reply sign(String name, boolean nothingAbove, long generation) {
    return slots.sign(slot(name).name(), nothingAbove, generation);
  }

  /// Sets one key of a slot's configuration.
  void set(String name, String key, Object value) {
    String pid = slots.pid(slot(name).name());
    try {
      Configuration[] its = pid.isEmpty() ? null : admin.listConfigurations("(service.pid=" + pid + ")");
      if (its == null) {
        throw new IllegalArgumentException("slot '" + name + "' has no configuration");
      }
      Map<String, Object> values = new HashMap<>();
      Dictionary<String, Object> former = its[0].getProperties();
      Collections.list(former.keys()).forEach(each -> values.put(each, former.get(each)));
      values.put(key, value);
      its[0].updateIfDifferent(FrameworkUtil.asDictionary(values));
    } catch (IOException | InvalidSyntaxException e) {
      throw new IllegalArgumentException("the configuration of slot '" + name + "': " + e.getMessage(), e);
    }
  }
}
