/// Slots in a real container without engines.
@NullMarked
package dev.tenon.itests.slot;

import org.jspecify.annotations.NullMarked;
