package dev.tenon.runtime.role;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Kind of operation of a role: finishes on one generation or waits for the next; dispatched to exactly one, never
/// twice unless [Idempotent].
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Unit {}
