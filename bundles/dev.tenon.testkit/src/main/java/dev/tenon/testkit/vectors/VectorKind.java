package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;

/// One kind of vector file. It is handed what it checks when it is made; see [VectorKinds].
interface VectorKind {
  /// @param fileName without folders
  /// @param root the file's content
  /// @return whether the file is of this kind
  boolean recognises(String fileName, JsonNode root);

  /// Runs each case of a file. What is malformed as a whole may be thrown as any [RuntimeException].
  ///
  /// @param root the file's content
  /// @param cases hears of each case
  void run(JsonNode root, Cases cases);
}
