@NullMarked
package dev.tenon.scheme.ec;

import org.jspecify.annotations.NullMarked;
