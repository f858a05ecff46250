@NullMarked
package dev.tenon.slot.crypto;

import org.jspecify.annotations.NullMarked;
