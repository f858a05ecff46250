@NullMarked
package dev.tenon.devnet;

import org.jspecify.annotations.NullMarked;
