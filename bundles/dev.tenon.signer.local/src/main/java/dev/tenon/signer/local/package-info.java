@NullMarked
package dev.tenon.signer.local;

import org.jspecify.annotations.NullMarked;
