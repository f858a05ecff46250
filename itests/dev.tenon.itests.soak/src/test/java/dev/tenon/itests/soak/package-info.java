/// Whether a node keeps its promises when it is killed, over and over.
@NullMarked
package dev.tenon.itests.soak;

import org.jspecify.annotations.NullMarked;
