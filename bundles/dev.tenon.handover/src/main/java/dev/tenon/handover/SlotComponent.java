package dev.tenon.handover;

import dev.tenon.codec.ConfigException;
import dev.tenon.slot.SlotName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/// One slot's configuration, factory PID `dev.tenon.slot`: tells the conductor of its node what is wished for.
///
/// At once: nobody asks for this component, the configuration itself is the wish.
@Component(name = "dev.tenon.slot", immediate = true, service = {}, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SlotConfig.class, factory = true)
public final class SlotComponent {
  private final HandoverComponent handover;
  private SlotWish wish;

  /// Checks the configuration and asks for the slot.
  ///
  /// @param handover in this bundle
  /// @param config the slot
  /// @throws ConfigException naming the key
  @Activate
  public SlotComponent(@Reference(name = "handover") HandoverComponent handover, SlotConfig config) {
    this.handover = handover;
    this.wish = read(config);
    handover.wish(wish);
  }

  /// Takes a new wish live. Bounds and deadlines count from the slot's next start on.
  ///
  /// @param config the slot
  /// @throws ConfigException naming the key
  @Modified
  void modified(SlotConfig config) {
    SlotWish next = read(config);
    if (!next.name().equals(wish.name())) {
      handover.unwish(wish.name());
    }
    wish = next;
    handover.wish(next);
  }

  @Deactivate
  void deactivate() {
    handover.unwish(wish.name());
  }

  static SlotWish read(SlotConfig config) {
    SlotName name = new SlotName(part("node", config.node()), part("role", config.role()), part("use", config.use()));
    if (!isWish(config.provider())) {
      throw new ConfigException("dev.tenon.slot.provider", config.provider(),
          "a provider's short name, perhaps with @ and a version, or nothing");
    }
    SwapLimits swap = new SwapLimits(config.quietMs(), config.prepareTimeoutMs(), config.drainDeadlineMs(),
        config.fenceBudgetMs(), config.retentionMs(), config.goneBudgetMs(), config.copyPercent());
    return new SlotWish(name,
        new Terms(config.provider(), config.pinned(), one(Terms.OnGone.class, "onGone", config.onGone()),
            one(Terms.Follow.class, "follow", config.follow())),
        new SlotLimits(config.unitsMax(), config.bytesMax(), config.parkTimeoutMs(), config.operationDeadlineMs(),
            config.openDeadlineMs(), config.sealDeadlineMs(), config.backOffMsMin(), config.backOffMsMax(), swap),
        beneath(name, config.beneath()));
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
