@NullMarked
package dev.tenon.p2p.local;

import org.jspecify.annotations.NullMarked;
