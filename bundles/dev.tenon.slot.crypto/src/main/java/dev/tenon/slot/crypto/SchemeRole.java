package dev.tenon.slot.crypto;

import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.role.Description;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotPort;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/// The strategy of the role `scheme`: leased calls, mode *transfer*.
///
/// A slot that was recovered from retained storage signs as before: nothing of what was signed lies in a scheme's
/// location, so an old one forgets nothing. What keeps an engine from signing twice are its journals, whose slot says
/// by itself where it was recovered.
@Component(name = "dev.tenon.slot.crypto.scheme", property = "tenon.role=scheme")
public final class SchemeRole implements QueuedRole {
  /// Needs nothing.
  @Activate
  public SchemeRole() {}

  @Override
  public String role() {
    return SchemeFactory.ROLE;
  }

  @Override
  public String facadeType() {
    return SchemeProvider.class.getName();
  }

  /// Nothing lies in a location: each provider learns the epochs anew.
  @Override
  public boolean reopens() { return false; }

  @Override
  public Description describe(Object provider) {
    return ((SchemeFactory) provider).describe();
  }

  @Override
  public QueuedFacade facade(SlotPort port) {
    return new SchemeFamily(port);
  }
}
