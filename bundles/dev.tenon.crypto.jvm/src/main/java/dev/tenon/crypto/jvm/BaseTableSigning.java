package dev.tenon.crypto.jvm;

import dev.tenon.codec.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// Signs with multiples of the base point out of a table.
///
/// Source: RFC 8032, sections 5.1.5 and 5.1.6.
final class BaseTableSigning implements Signing {
  private static final int SIZE = 32;

  @Override
  public byte[] publicKey(byte[] seed) {
    return FirstUse.TABLE.multiply(scalar(sha512().digest(seed)));
  }

  @Override
  public byte[] sign(byte[] seed, byte[] key, Bytes message) {
    MessageDigest sha512 = sha512();
    byte[] text = message.toArray(); // a read-only buffer would be copied by each update
    byte[] expanded = sha512.digest(seed);
    byte[] secret = scalar(expanded);
    sha512.update(expanded, SIZE, SIZE);
    sha512.update(text);
    byte[] nonce = SecretScalar.reduce(sha512.digest());
    byte[] point = FirstUse.TABLE.multiply(nonce);
    sha512.update(point);
    sha512.update(key);
    sha512.update(text);
    byte[] challenge = SecretScalar.reduce(sha512.digest());
    byte[] signature = Arrays.copyOf(point, 2 * SIZE);
    System.arraycopy(SecretScalar.multiplyAdd(challenge, secret, nonce), 0, signature, SIZE, SIZE);
    return signature;
  }

  /// The lower half of an expanded seed, as a multiple of 8 from 2^254 on.
  private static byte[] scalar(byte[] expanded) {
    byte[] scalar = Arrays.copyOf(expanded, SIZE);
    scalar[0] &= (byte) 0xf8;
    scalar[31] = (byte) ((scalar[31] & 0x7f) | 0x40);
    return scalar;
  }

  private static MessageDigest sha512() {
    try {
      return MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-512", e);
    }
  }

  /// Holds the table from the first key on: a process that has none does not make it, and one class loader makes it
  /// once, whichever threads come first.
  private static final class FirstUse {
    private static final BaseTable TABLE = new BaseTable();
  }
}
