package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Writer;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.testkit.journal.SimHost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// Whole files of small stores: pages step by step, damaged files and what is left of them, and the data partitions of
/// contiguous variable journals. Cases of other stores are unknown, one failure for each kind.
final class SmallDisks implements VectorKind {
  private static final byte[] FIRST = new byte[8];
  private static final int BUFFER_BYTES = 256;
  private static final int APPEND_BYTES_MAX = 1 << 20;
  private static final int ITEMS_MAX = 1 << 16;
  private static final String CONTIGUOUS = "contiguous variable journal";
  private static final String DATA = "p_data";
  private static final int CONTIGUOUS_PAGE_BYTES = 16;
  private static final int SECTION_ITEMS = 4;

  private final ReferenceFiles files;

  SmallDisks(ReferenceFiles files) {
    this.files = files;
  }

  @Override
  public boolean recognises(String fileName, JsonNode root) {
    return fileName.equals("disk-small.json");
  }

  @Override
  public void run(JsonNode root, Cases cases) {
    int index = 0;
    for (JsonNode each : root.path("paged")) {
      cases.check("paged " + index++, () -> paged(each));
    }
    index = 0;
    for (JsonNode each : root.path("reopen_damaged")) {
      cases.check("reopen_damaged " + index++, () -> damaged(each));
    }
    index = 0;
    var unknown = new TreeMap<String, Integer>();
    for (JsonNode each : root.path("cases")) {
      String kind = each.required("what").asText().split(",", 2)[0];
      if (!kind.equals(CONTIGUOUS)) {
        unknown.merge(kind, 1, Integer::sum);
      } else if (each.required("files").has(DATA)) { // without an item there is no data
        cases.check("cases " + index, () -> contiguous(each));
      }
      index++;
    }
    unknown.forEach((kind, count) -> cases.failed("cases", "unknown kind " + kind + ", " + count + " cases"));
  }

  private String paged(JsonNode each) {
    int pageBytes = each.required("page_size").asInt();
    try (var host = new SimHost(1)) {
      return host.run(context -> {
        ReferenceFiles.Pages pages = files.pages(context.storage(), "p", FIRST, pageBytes, BUFFER_BYTES);
        for (JsonNode step : each.required("steps")) {
          String op = step.required("op").asText();
          if (op.equals("reopen")) {
            pages.close();
            pages = files.pages(context.storage(), "p", FIRST, pageBytes, BUFFER_BYTES);
          } else {
            pages.append(counting(pages.size(), Integer.parseInt(op.split(" ", 3)[1])));
            pages.sync();
          }
          String fault = differs(op, pages.size(), step, host.disk().bytes(SimHost.LOCATION, "p", FIRST));
          if (!fault.isEmpty()) {
            return fault;
          }
        }
        return "";
      });
    }
  }

  private static byte[] counting(long from, int count) {
    if (count < 0 || count > APPEND_BYTES_MAX) {
      throw new IllegalArgumentException(count + " bytes at once, allowed up to " + APPEND_BYTES_MAX);
    }
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }

  private static String differs(String op, long size, JsonNode step, Bytes file) {
    if (size != step.required("logical_size").asLong()) {
      return op + ": expected size " + step.required("logical_size") + ", found " + size;
    }
    String expected = step.required("file").asText();
    return file.hex().equals(expected) ? "" : op + ": expected " + expected + ", found " + file.hex();
  }

  private String damaged(JsonNode each) {
    try (var host = new SimHost(1)) {
      return host.run(context -> {
        put(context.storage(), "p", FIRST, Bytes.ofHex(each.required("file").asText()));
        ReferenceFiles.Pages pages =
            files.pages(context.storage(), "p", FIRST, each.required("page_size").asInt(), BUFFER_BYTES);
        String content = Bytes.of(pages.read()).hex();
        if (!content.equals(each.required("content").asText())
            || pages.size() != each.required("logical_size").asLong()) {
          return "expected " + each.required("logical_size") + " bytes " + each.required("content") + ", found "
              + pages.size() + " bytes " + content;
        }
        int left = host.disk().bytes(SimHost.LOCATION, "p", FIRST).size();
        int expected = each.required("file_length_after_open").asInt();
        return left == expected ? "" : "expected a file of " + expected + " bytes, found " + left;
      });
    }
  }

  private String contiguous(JsonNode each) {
    JsonNode data = each.required("files").required(DATA);
    int end;
    try (var host = new SimHost(1)) {
      data.properties().forEach(file -> host.run(context -> put(context.storage(), DATA,
          Bytes.ofHex(file.getKey()).toArray(), Bytes.ofHex(file.getValue().asText()))));
      List<Bytes> items = new ArrayList<>();
      long first = host.run(context -> {
        JournalInstance instance = files.provider(CONTIGUOUS_PAGE_BYTES, BUFFER_BYTES).open(context);
        instance.activate();
        instance.create(DATA);
        List<SectionEnd> sections = instance.report().journals().getFirst().sections();
        sections.forEach(section -> items.addAll(
            instance.read(DATA, section.section(), 0, SECTION_ITEMS + 1, APPEND_BYTES_MAX)));
        instance.close();
        return sections.getFirst().section();
      });
      end = (int) first * SECTION_ITEMS;
      for (Bytes item : items) {
        if (!item.equals(letters(end))) {
          return "item " + end + ": expected " + letters(end).hex() + ", found " + item.hex();
        }
        end++;
      }
    }
    return end <= ITEMS_MAX ? written(each, data, end) : "has more than " + ITEMS_MAX + " items";
  }

  private String written(JsonNode each, JsonNode data, int end) {
    try (var host = new SimHost(2)) {
      host.run(context -> {
        JournalInstance instance = files.provider(CONTIGUOUS_PAGE_BYTES, BUFFER_BYTES).open(context);
        instance.activate();
        append(instance, each.required("params").required("appends_between_syncs"), end);
        instance.close();
        return true;
      });
      for (var file : data.properties()) {
        String found = host.disk().bytes(SimHost.LOCATION, DATA, Bytes.ofHex(file.getKey()).toArray()).hex();
        if (!found.equals(file.getValue().asText())) {
          return "blob " + file.getKey() + ": expected " + file.getValue().asText() + ", found " + found;
        }
      }
      return "";
    }
  }

  /// A full section is synced at once; else a sync follows each run of appends.
  private static void append(JournalInstance instance, JsonNode runs, int end) {
    instance.create(DATA);
    int item = 0;
    for (int run = 0; item < end; run++) {
      int count = Math.max(1, runs.get(run % runs.size()).asInt());
      for (int i = 0; i < count && item < end; i++, item++) {
        instance.append(DATA, item / SECTION_ITEMS, item % SECTION_ITEMS, List.of(letters(item)));
        if (item % SECTION_ITEMS == SECTION_ITEMS - 1) {
          instance.sync();
        }
      }
      instance.sync();
    }
  }

  private static Bytes letters(int item) {
    byte[] letters = new byte[item % 7];
    Arrays.fill(letters, (byte) ('a' + item));
    var writer = new Writer(Writer.varintSize(letters.length) + letters.length);
    writer.bytes(Bytes.of(letters));
    return writer.finish();
  }

  private static boolean put(Storage storage, String partition, byte[] name, Bytes whole) {
    try (Blob blob = storage.open(partition, name)) {
      blob.write(0, whole.buffer());
      blob.sync();
    }
    return true;
  }
}
