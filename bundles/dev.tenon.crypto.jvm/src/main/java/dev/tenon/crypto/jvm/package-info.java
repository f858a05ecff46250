@NullMarked
package dev.tenon.crypto.jvm;

import org.jspecify.annotations.NullMarked;
