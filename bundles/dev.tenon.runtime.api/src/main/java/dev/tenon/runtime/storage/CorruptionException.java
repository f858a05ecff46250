package dev.tenon.runtime.storage;

/// A checksum or an invariant of stored data is broken. Repeating does not heal it.
public final class CorruptionException extends StorageFailedException {
  private static final long serialVersionUID = 1L;

  private final String partition;
  private final String blob;
  private final long offset;
  private final String expected;
  private final String found;

  /// @param partition the folder
  /// @param blob the blob's name in lower-case hex
  /// @param offset in bytes from the start of the file
  /// @param expected what should stand there
  /// @param found what stands there
  public CorruptionException(String partition, String blob, long offset, String expected, String found) {
    super("partition " + partition + ", blob " + blob + ", offset " + offset + ": expected " + expected + ", found "
        + found);
    this.partition = partition;
    this.blob = blob;
    this.offset = offset;
    this.expected = expected;
    this.found = found;
  }

  /// @return the folder
  public String partition() {
    return partition;
  }

  /// @return the blob's name in lower-case hex
  public String blob() {
    return blob;
  }

  /// @return in bytes from the start of the file
  public long offset() {
    return offset;
  }

  /// @return what should stand there
  public String expected() {
    return expected;
  }

  /// @return what stands there
  public String found() {
    return found;
  }
}
