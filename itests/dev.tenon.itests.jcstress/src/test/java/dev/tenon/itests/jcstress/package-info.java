@NullMarked
package dev.tenon.itests.jcstress;

import org.jspecify.annotations.NullMarked;
