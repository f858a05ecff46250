package dev.tenon.crypto.jvm;

/// Arithmetic modulo p = 2^255 - 19. Elements are mutable; a result may be an operand. Not constant-time, where an
/// implementation does not say so: for public values only.
///
/// An element is *carried* if it came from [#mul], [#sqr], [#carry] or [#decode]. Operands of [#mul] and [#sqr] are
/// carried, or sums or differences of two carried ones; operands of everything else are carried, where nothing else is
/// said.
///
/// @param <E> its elements
interface Field<E> {
  /// @return zero
  E create();

  void one(E z);

  void copy(E x, E z);

  /// @param little 32 bytes, little-endian; the highest bit is ignored, values from p on are taken modulo p
  void decode(byte[] little, E z);

  void add(E x, E y, E z);

  void sub(E x, E y, E z);

  /// Sum and difference at once.
  void apm(E x, E y, E sum, E difference);

  void negate(E x, E z);

  /// @param z any sum or difference of two carried elements
  void carry(E z);

  void mul(E x, E y, E z);

  void sqr(E x, E z);

  /// A root of u / v, reduced to below p.
  ///
  /// @return false if there is none
  boolean sqrtRatio(E u, E v, E z);

  /// @param x reduced to below p
  boolean isOdd(E x);

  /// @param x any sum or difference of two carried elements; is reduced
  boolean isZero(E x);
}
