/// The runtime on threads, file channels and the system's clock: the only room that touches them.
@NullMarked
package dev.tenon.runtime.jvm;

import org.jspecify.annotations.NullMarked;
