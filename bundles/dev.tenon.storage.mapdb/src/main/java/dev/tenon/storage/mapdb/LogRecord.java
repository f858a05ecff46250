package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;
import java.nio.charset.StandardCharsets;

/// One change of the family: `kind u8 | journal varint | …`. A journal's number is never given twice, so what is left
/// of a removed one cannot be taken for its successor's.
sealed interface LogRecord {
  int NAME_BYTES_MAX = 200;

  /// @return the bytes; of an append those before the item
  Bytes encode();

  /// Makes a journal: `name bytes`.
  record Create(long journal, String name) implements LogRecord {
    private static final int KIND = 1;

    @Override
    public Bytes encode() {
      byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
      var out = head(KIND, journal, Writer.varintSize(bytes.length) + bytes.length);
      out.bytes(Bytes.wrap(bytes));
      return out.finish();
    }
  }

  /// Removes one with all its items.
  record Remove(long journal) implements LogRecord {
    private static final int KIND = 2;

    @Override
    public Bytes encode() {
      return head(KIND, journal, 0).finish();
    }
  }

  /// Appends one item: `section u64 | index varint | length varint | item`.
  record Append(long journal, long section, long index, int length) implements LogRecord {
    private static final int KIND = 3;

    @Override
    public Bytes encode() {
      var out = head(KIND, journal, 8 + Writer.varintSize(index) + Writer.varintSize(length));
      out.u64(section);
      out.varint(index);
      out.varint(length);
      return out.finish();
    }
  }

  /// Drops from an address on: `section u64 | index varint`.
  record Rewind(long journal, long section, long index) implements LogRecord {
    private static final int KIND = 4;

    @Override
    public Bytes encode() {
      var out = head(KIND, journal, 8 + Writer.varintSize(index));
      out.u64(section);
      out.varint(index);
      return out.finish();
    }
  }

  /// Raises the floor: `section u64`.
  record Prune(long journal, long section) implements LogRecord {
    private static final int KIND = 5;

    @Override
    public Bytes encode() {
      var out = head(KIND, journal, 8);
      out.u64(section);
      return out.finish();
    }
  }

  private static Writer head(int kind, long journal, int more) {
    var out = new Writer(1 + Writer.varintSize(journal) + more);
    out.u8(kind);
    out.varint(journal);
    return out;
  }

  /// Reads one; of an append all but the item.
  ///
  /// @throws InvalidDataException where there is none
  static LogRecord decode(Reader in) {
    int kind = in.u8();
    long journal = in.varint(Long.SIZE);
    return switch (kind) {
      case Create.KIND -> new Create(journal,
          new String(in.bytes(1, NAME_BYTES_MAX, "name").toArray(), StandardCharsets.US_ASCII));
      case Remove.KIND -> new Remove(journal);
      case Append.KIND -> new Append(journal, in.u64(), in.varint(Long.SIZE), length(in));
      case Rewind.KIND -> new Rewind(journal, in.u64(), in.varint(Long.SIZE));
      case Prune.KIND -> new Prune(journal, in.u64());
      default -> throw in.fail(InvalidDataException.Rule.INVALID, "kind", kind, "is none of a record");
    };
  }

  private static int length(Reader in) {
    return in.length(0, StoreConfig.ITEM_BYTES_MAX, "item");
  }
}
