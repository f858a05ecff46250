package dev.tenon.handover;

import dev.tenon.codec.ConfigException;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.StackedFacade;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The slots beneath one slot: finds their facades, and tells them what becomes of its locations. The conductor's.
final class Lowers {
  private record News(SlotName lower, String location) {}

  private final List<SlotName> names;
  private final Function<SlotName, @Nullable QueuedFacade> facades;
  /// What a slot beneath did not take yet.
  private final List<News> untold = new ArrayList<>();

  Lowers(List<SlotName> names, Function<SlotName, @Nullable QueuedFacade> facades) {
    this.names = names;
    this.facades = facades;
  }

  /// What an instance that is opened now may use, by `<role>/<use>`.
  ///
  /// @throws UnavailableException if one does not run
  /// @throws ConfigException if one is of a role that carries no others
  Map<String, StackedFacade> facades() {
    Map<String, StackedFacade> found = new TreeMap<>();
    for (SlotName name : names) {
      QueuedFacade facade = facades.apply(name);
      if (facade == null) {
        throw new UnavailableException("slot " + name + " beneath does not run");
      } else if (!(facade instanceof StackedFacade stacked)) {
        throw new ConfigException("dev.tenon.slot.beneath", name.toString(), "a slot whose role carries others");
      } else {
        found.put(name.role() + "/" + name.use(), stacked);
      }
    }
    return found;
  }

  /// A location is made anew: what was to be deleted under its name is deleted by who opens it.
  void fresh(String location) {
    untold.removeIf(news -> news.location().equals(location));
  }

  /// A location is deleted. Word of it may be lost: whoever is opened next tells which locations there are.
  void deleted(String location) {
    names.forEach(lower -> untold.add(new News(lower, location)));
    tell();
  }

  /// Tells what was not taken before.
  void tell() {
    for (Iterator<News> all = untold.iterator(); all.hasNext();) {
      News news = all.next();
      if (facades.apply(news.lower()) instanceof StackedFacade lower && lower.forget(news.location())) {
        all.remove();
      }
    }
  }
}
