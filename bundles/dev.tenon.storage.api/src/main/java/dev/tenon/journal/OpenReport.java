package dev.tenon.journal;

import java.util.List;

/// What an instance found when it opened its location. All of it is durable.
///
/// @param journals sorted by name
/// @param bytesDropped incomplete bytes at the ends of sections that were cut off: writes that a crash interrupted
public record OpenReport(List<Found> journals, long bytesDropped) {
  /// Copies the list.
  public OpenReport {
    journals = List.copyOf(journals);
  }

  /// One journal.
  ///
  /// @param name its name
  /// @param floor unsigned
  /// @param sections those that hold items, ascending
  public record Found(String name, long floor, List<SectionEnd> sections) {
    /// Copies the list.
    public Found {
      sections = List.copyOf(sections);
    }
  }
}
