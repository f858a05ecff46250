package dev.tenon.handover;

import dev.tenon.codec.ConfigException;
import dev.tenon.runtime.status.ConfigurationCheck;
import dev.tenon.slot.SlotName;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/// One slot's configuration, factory PID `dev.tenon.slot`: tells the conductor of its node what is wished for.
///
/// At once: nobody asks for this component, the configuration itself is the wish. Who changes one value of it live is
/// told what the slot would refuse.
@Component(name = "dev.tenon.slot", immediate = true, service = {}, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SlotConfig.class, factory = true)
public final class SlotComponent {
  private final HandoverComponent handover;
  /// By hand, because a component that was refused would be tried again by whoever asks for its service.
  private final ServiceRegistration<ConfigurationCheck> check;
  private final String pid;
  private volatile SlotWish wish;
  private volatile SlotConfig config;

  /// Checks the configuration and asks for the slot.
  ///
  /// @param handover in this bundle
  /// @param config the slot
  /// @param context of this bundle
  /// @param properties with the PID
  /// @throws ConfigException naming the key
  @Activate
  public SlotComponent(@Reference(name = "handover") HandoverComponent handover, SlotConfig config,
      BundleContext context, Map<String, Object> properties) {
    this.handover = handover;
    this.config = config;
    this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
    this.wish = read(config);
    handover.wish(pid, wish);
    this.check = context.registerService(ConfigurationCheck.class, new Check(this, pid), null);
  }

  /// Takes a new wish live, with its bounds and deadlines; those of the queue, and what the slot stands on, count from
  /// its next start on.
  ///
  /// @param changed the slot
  /// @throws ConfigException naming the key
  @Modified
  void modified(SlotConfig changed) {
    SlotWish next = read(changed);
    SlotName former = wish.name();
    handover.wish(pid, next);
    config = changed;
    wish = next;
    if (!next.name().equals(former)) {
      handover.unwish(pid, former);
    }
  }

  @Deactivate
  void deactivate() {
    handover.unwish(pid, wish.name());
    check.unregister();
  }

  /// Judges one value of a slot's configuration.
  private record Check(SlotComponent slot, String pid) implements ConfigurationCheck {
    @Override
    public Optional<String> refusal(String key, Object value) {
      Optional<String> refused = refused(slot.config, key, value);
      if (refused.isPresent()) {
        return refused;
      }
      try {
        SlotWish next = read(changed(slot.config, key, value));
        slot.handover.mayName(pid, next.name());
        slot.handover.mayStand(next.name(), next.beneath());
        return Optional.empty();
      } catch (ConfigException taken) {
        return Optional.of(taken.accepted());
      }
    }
  }

  /// What speaks against one new value beside all others that there are.
  static Optional<String> refused(SlotConfig config, String key, Object value) {
    try {
      read(changed(config, key, value));
      return Optional.empty();
    } catch (ConfigException refused) {
      return Optional.of(refused.key().endsWith("." + key) ? refused.accepted() : "" + refused.getMessage());
    }
  }

  /// The whole configuration with one value of it changed: a value may be in its own range and not fit another.
  private static SlotConfig changed(SlotConfig config, String key, Object value) {
    return (SlotConfig) Proxy.newProxyInstance(SlotConfig.class.getClassLoader(), new Class<?>[] {SlotConfig.class},
        (self, method, none) -> method.getName().equals(key)
            ? typed(method.getReturnType(), value)
            : method.invoke(config));
  }

  private static Object typed(Class<?> type, Object value) {
    if (type == int.class) {
      return Integer.valueOf(value.toString());
    } else if (type == long.class) {
      return Long.valueOf(value.toString());
    } else if (type == boolean.class) {
      return Boolean.valueOf(value.toString());
    } else {
      return type == String[].class ? names(value) : value.toString();
    }
  }

  /// One name, or a list of them.
  private static String[] names(Object value) {
    return switch (value) {
      case Object[] many -> Stream.of(many).map(Object::toString).toArray(String[]::new);
      case Collection<?> many -> many.stream().map(Object::toString).toArray(String[]::new);
      default -> new String[] {value.toString()};
    };
  }

  static SlotWish read(SlotConfig config) {
    SlotName name = new SlotName(part("node", config.node()), part("role", config.role()), part("use", config.use()));
    wished(config.provider());
    SwapLimits swap = new SwapLimits(config.quietMs(), config.prepareTimeoutMs(), config.drainDeadlineMs(),
        config.fenceBudgetMs(), config.retentionMs(), config.goneBudgetMs(), config.copyPercent(),
        config.tailItemsMax(), config.roundsMax(), config.tailItemsHardMax(), config.retainedMax(),
        config.swapBackOffMsMax());
    return new SlotWish(name,
        new Terms(config.provider(), config.pinned(), one(Terms.OnGone.class, "onGone", config.onGone()),
            one(Terms.Follow.class, "follow", config.follow())),
        new SlotLimits(config.unitsMax(), config.bytesMax(), config.parkTimeoutMs(), config.operationDeadlineMs(),
            config.openDeadlineMs(), config.sealDeadlineMs(), config.backOffMsMin(), config.backOffMsMax(), swap),
        beneath(name, config.beneath()));
  }

  private static void wished(String provider) {
    if (!isWish(provider)) {
      throw new ConfigException("dev.tenon.slot.provider", provider,
          "a provider's short name, perhaps with @ and a version, or nothing");
    }
  }

  private static List<SlotName> beneath(SlotName name, String[] named) {
    List<SlotName> beneath = new ArrayList<>();
    for (String each : named) {
      String[] parts = each.split("/", -1);
      if (parts.length != 2) {
        throw new ConfigException("dev.tenon.slot.beneath", each, "a slot of the same node, <role>/<use>");
      }
      SlotName lower = new SlotName(name.node(), part("beneath", parts[0]), part("beneath", parts[1]));
      if (lower.equals(name)) {
        throw new ConfigException("dev.tenon.slot.beneath", each, "another slot than " + name);
      }
      beneath.add(lower);
    }
    return beneath;
  }

  /// Whether a text is empty or names a provider: a short name, perhaps with `@` and a version.
  static boolean isWish(String text) {
    return text.matches("([a-z0-9-]{1,32}(@[A-Za-z0-9._-]{1,64})?)?");
  }

  private static <E extends Enum<E>> E one(Class<E> type, String key, String value) {
    for (E each : type.getEnumConstants()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(value)) {
        return each;
      }
    }
    throw new ConfigException("dev.tenon.slot." + key, value, Arrays.stream(type.getEnumConstants())
        .map(each -> each.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")));
  }

  private static String part(String key, String value) {
    if (!value.matches("[a-z0-9][a-z0-9-]{0,31}")) {
      throw new ConfigException("dev.tenon.slot." + key, value, "1 to 32 of a to z, 0 to 9 and -");
    }
    return value;
  }
}
