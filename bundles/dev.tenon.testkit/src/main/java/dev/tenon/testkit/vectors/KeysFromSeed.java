package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Bytes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Keys that the reference's tests derive from small numbers: a seed is expanded and gives a ChaCha20 stream.
final class KeysFromSeed implements VectorKind {
  private static final int KEY = 32;
  private static final int KEY_MATERIAL = 64;
  private static final int SCALAR_MATERIAL = 48; // bytes that are reduced to a scalar
  private static final BigInteger BLS_ORDER =
      new BigInteger("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", 16);

  private final TestKeys keys;

  KeysFromSeed(TestKeys keys) {
    this.keys = keys;
  }

  @Override
  public boolean recognises(String fileName, JsonNode root) {
    return fileName.equals("keys-from-seed.json");
  }

  @Override
  public void run(JsonNode root, Cases cases) {
    for (JsonNode each : root.required("keys")) {
      String seed = each.required("seed").asText();
      cases.check("seed " + seed, () -> check(each, ChaCha.expand(Long.parseUnsignedLong(seed))));
    }
  }

  private String check(JsonNode expected, byte[] expanded) throws GeneralSecurityException {
    Bytes material = ChaCha.first(20, expanded, KEY_MATERIAL);
    Bytes secret = material.slice(0, KEY);
    return differs(expected, "expanded_seed", Bytes.of(expanded)) + differs(expected, "ed25519_private_key", secret)
        + differs(expected, "ed25519_public_key", keys.publicKey(secret))
        + differs(expected, "bls_input_key_material", material)
        + differs(expected, "bls_scalar", blsScalar(material));
  }

  private static String differs(JsonNode expected, String field, Bytes found) {
    String text = expected.required(field).asText();
    return text.equals(found.hex()) ? "" : field + " expected " + text + ", found " + found.hex() + " ";
  }

  /// IETF KeyGen with empty key info: a scalar only, no point is needed.
  static Bytes blsScalar(Bytes material) throws GeneralSecurityException {
    byte[] salt = "BLS-SIG-KEYGEN-SALT-".getBytes(StandardCharsets.US_ASCII);
    byte[] extended = material.concat(Bytes.of((byte) 0)).toArray();
    BigInteger scalar = BigInteger.ZERO;
    while (scalar.signum() == 0) {
      salt = Conformance.sha256().digest(salt);
      byte[] pseudoRandom = hmac(salt, extended);
      byte[] info = {0, SCALAR_MATERIAL, 1};
      byte[] first = hmac(pseudoRandom, info);
      byte[] second =
          hmac(pseudoRandom, Bytes.of(first).concat(Bytes.of((byte) 0, (byte) SCALAR_MATERIAL, (byte) 2)).toArray());
      byte[] wide = Bytes.of(first).concat(Bytes.of(second)).slice(0, SCALAR_MATERIAL).toArray();
      scalar = new BigInteger(1, wide).mod(BLS_ORDER);
    }
    byte[] digits = scalar.toByteArray();
    var padded = new byte[KEY];
    byte[] significant = digits.length > KEY ? Arrays.copyOfRange(digits, 1, digits.length) : digits;
    System.arraycopy(significant, 0, padded, KEY - significant.length, significant.length);
    return Bytes.wrap(padded);
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }
}
