package dev.tenon.soak;

import dev.tenon.codec.ConfigException;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// A provider with a fault that the checker has to find: another one, but whatever it opens has lost the last item of
/// each journal, durable or not. What it copies is right, and so it passes every handover.
@Component(name = "dev.tenon.soak.forgetful", configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {"tenon.role=journal", "tenon.provider=" + ForgetfulJournals.NAME})
@Designate(ocd = ForgetfulJournals.Config.class)
public final class ForgetfulJournals implements JournalProvider {
  /// As a slot is told to take it, and the only one that reads what it wrote.
  static final String NAME = "forgetful";
  private static final String FAULT = "forgets-last";

  /// Who does the work. Not static: it is of the kind that this offers.
  @Reference(name = "journals", target = "(tenon.provider=segmented)", policy = ReferencePolicy.DYNAMIC)
  @SuppressWarnings("NullAway.Init") // mandatory, so that it is there before activation
  private volatile JournalProvider journals;

  /// Whether it is there.
  @ObjectClassDefinition(name = "Soak fault", description = "A journal provider that forgets; for tests of the checker")
  public @interface Config {
    /// Said aloud, so that nobody gets it by accident.
    ///
    /// @return `forgets-last`
    @AttributeDefinition(description = "The fault that it has: forgets-last")
    String fault();
  }

  /// Looks at its configuration.
  ///
  /// @param config names the fault
  @Activate
  public ForgetfulJournals(Config config) {
    if (!FAULT.equals(config.fault())) {
      throw new ConfigException("dev.tenon.soak.forgetful.fault", String.valueOf(config.fault()), FAULT);
    }
  }

  @Override
  public Description describe() {
    return new Description(NAME, NAME, List.of(NAME), journals.describe().itemBytesMax());
  }

  @Override
  public JournalInstance open(OpenContext context) {
    JournalInstance opened = journals.open(context);
    for (OpenReport.Found found : opened.report().journals()) {
      if (!found.sections().isEmpty()) {
        SectionEnd last = found.sections().getLast();
        opened.rewind(found.name(), last.section(), last.end() - 1);
      }
    }
    opened.sync();
    return opened;
  }
}
