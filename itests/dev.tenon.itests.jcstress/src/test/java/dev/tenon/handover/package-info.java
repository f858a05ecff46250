@NullMarked
package dev.tenon.handover;

import org.jspecify.annotations.NullMarked;
