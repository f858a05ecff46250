package dev.tenon.itests.ledger;

import java.util.List;

/// A provider's opened ledger, on its slot's strand.
public interface LedgerInstance {
  /// One entry.
  ///
  /// @param writer who put it down
  /// @param number what
  record Entry(String writer, long number) {}

  /// Not durable before [#sync].
  ///
  /// @param entry the next one
  void put(Entry entry);

  /// @param from how many to leave out
  /// @param max how many at most
  /// @return in their order
  List<Entry> read(int from, int max);

  /// @return how many there are
  int size();

  /// Makes everything before it durable.
  void sync();

  /// Ends writing.
  void seal();

  /// Frees everything.
  void close();
}
