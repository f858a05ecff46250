/// Facade and strategy of the role `journal`, without the name of a provider.
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"dev.tenon.journal.JournalStore\"")
@NullMarked
package dev.tenon.slot.storage;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Capability;
