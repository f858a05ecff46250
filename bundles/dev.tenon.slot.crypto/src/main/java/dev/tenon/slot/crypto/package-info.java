/// Facade and strategy of the role `scheme`, without the name of a provider.
@Capability(namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"dev.tenon.crypto.certificate.SchemeProvider\"")
@NullMarked
package dev.tenon.slot.crypto;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Capability;
