package dev.tenon.crypto.jvm;

import org.bouncycastle.math.ec.rfc7748.X25519Field;

/// BouncyCastle's public field arithmetic: ten limbs of 25 and 26 bits.
final class BouncyCastleField implements Field<int[]> {
  @Override
  public int[] create() {
    return X25519Field.create();
  }

  @Override
  public void one(int[] z) {
    X25519Field.one(z);
  }

  @Override
  public void copy(int[] x, int[] z) {
    X25519Field.copy(x, 0, z, 0);
  }

  @Override
  public void decode(byte[] little, int[] z) {
    X25519Field.decode255(little, z);
  }

  @Override
  public void add(int[] x, int[] y, int[] z) {
    X25519Field.add(x, y, z);
  }

  @Override
  public void sub(int[] x, int[] y, int[] z) {
    X25519Field.sub(x, y, z);
  }

  @Override
  public void apm(int[] x, int[] y, int[] sum, int[] difference) {
    X25519Field.apm(x, y, sum, difference);
  }

  @Override
  public void negate(int[] x, int[] z) {
    X25519Field.negate(x, z);
  }

  @Override
  public void carry(int[] z) {
    X25519Field.carry(z);
  }

  @Override
  public void mul(int[] x, int[] y, int[] z) {
    X25519Field.mul(x, y, z);
  }

  @Override
  public void sqr(int[] x, int[] z) {
    X25519Field.sqr(x, z);
  }

  @Override
  public boolean sqrtRatio(int[] u, int[] v, int[] z) {
    if (!X25519Field.sqrtRatioVar(u, v, z)) {
      return false;
    }
    X25519Field.normalize(z);
    return true;
  }

  @Override
  public boolean isOdd(int[] x) {
    return (x[0] & 1) == 1;
  }

  @Override
  public boolean isZero(int[] x) {
    X25519Field.normalize(x);
    return X25519Field.isZeroVar(x);
  }
}
