package dev.tenon.handover;

import dev.tenon.codec.ConfigException;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.role.Beneath;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.StackedFacade;
import dev.tenon.slot.StoreOwner;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The slots beneath, as one tenant's instance sees them.
final class TenantBeneath implements Beneath {
  private final Tenant tenant;
  private final StoreOwner owner;
  private final List<String> names;
  private final Map<String, StackedFacade> facades;
  private final Map<String, Object> lent = new TreeMap<>();
  private final Supplier<Completion<List<String>>> there;
  private final LongSupplier limitMs;
  private volatile boolean ended;

  /// @param there looks which locations of its slot there are
  TenantBeneath(Tenant tenant, StoreOwner owner, Map<String, StackedFacade> facades,
      Supplier<Completion<List<String>>> there, LongSupplier limitMs) {
    this.there = there;
    this.tenant = tenant;
    this.owner = owner;
    this.names = List.copyOf(facades.keySet());
    this.facades = facades;
    this.limitMs = limitMs;
    facades.forEach((name, facade) -> lent.put(name, facade.lend(owner, () -> ended)));
  }

  /// On the strand, before the instance is opened. As long as it is not revoked no location of its slot is made, so
  /// what is not there now is not there when the slots beneath hear of it.
  ///
  /// @param fresh whether its location was just made
  void own(boolean fresh) {
    if (names.isEmpty()) {
      return;
    }
    List<String> found = await(there.get(), "the disk");
    for (String name : names) {
      await(Present.of(facades.get(name)).own(owner, () -> ended, fresh, found));
    }
  }

  /// Nothing of it takes effect any more.
  void end() {
    ended = true;
  }

  @Override
  public List<String> slots() {
    return names;
  }

  @Override
  public <T> T facade(String slot, Class<T> type) {
    @Nullable Object found = lent.get(slot);
    if (found == null || !type.isInstance(found)) {
      throw new ConfigException("dev.tenon.slot.beneath", slot,
          "one of " + names + ", of type " + type.getSimpleName());
    }
    return type.cast(found);
  }

  @Override
  public <T> T await(Completion<T> owed) {
    return await(owed, "a slot beneath " + owner.slot());
  }

  private <T> T await(Completion<T> owed, String who) {
    if (ended) {
      throw new FencedException("slot " + owner.slot() + ": the instance has ended");
    }
    long limit = limitMs.getAsLong();
    try {
      return tenant.strand.await(owed, limit);
    } catch (TimeoutException e) {
      throw new UnavailableException(who + " has not answered within " + limit + " ms");
    }
  }
}
