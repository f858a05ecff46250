/// Whether bundles find each other in a real container.
@NullMarked
package dev.tenon.itests.wiring;

import org.jspecify.annotations.NullMarked;
