package dev.tenon.crypto.jvm;

import java.util.HexFormat;

/// edwards25519 over one arithmetic: its constants as elements of that field.
///
/// @param <E> the field's elements
/// @param field computes
/// @param d of the curve's equation
/// @param twiceD the same, doubled
/// @param baseX of the base point
/// @param baseY of the base point
record EdwardsCurve<E>(Field<E> field, E d, E twiceD, E baseX, E baseY) {
  static <E> EdwardsCurve<E> over(Field<E> field) {
    E d = constant(field, "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
    E twiceD = field.create();
    field.add(d, d, twiceD);
    field.carry(twiceD);
    return new EdwardsCurve<>(field, d, twiceD,
        constant(field, "216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a"),
        constant(field, "6666666666666666666666666666666666666666666666666666666666666658"));
  }

  private static <E> E constant(Field<E> field, String bigEndianHex) {
    byte[] bytes = HexFormat.of().parseHex(bigEndianHex);
    byte[] little = new byte[32];
    for (int i = 0; i < 32; i++) {
      little[i] = bytes[31 - i];
    }
    E element = field.create();
    field.decode(little, element);
    return element;
  }
}
