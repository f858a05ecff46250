package dev.tenon.itests.house;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// The keys of a configuration as a table, made from the Metatype in its bundle.
final class ConfigPage {
  static final String START = "<!-- keys: generated from Metatype -->";
  static final String END = "<!-- keys end -->";

  private ConfigPage() {}

  /// @param page the page as it is
  /// @param metatype the XML
  /// @return the page as it should be
  static String renew(String page, byte[] metatype) throws IOException {
    int start = page.indexOf(START);
    int end = page.indexOf(END);
    if (start < 0 || end < start) throw new IllegalStateException("a page of keys has lost its markers");
    return page.substring(0, start + START.length()) + draw(metatype) + page.substring(end);
  }

  static String draw(byte[] metatype) throws IOException {
    List<String> lines = new ArrayList<>(List.of("", "| key | type | default | accepted | what it is |",
        "|---|---|---|---|---|"));
    NodeList keys = parse(metatype).getElementsByTagName("AD");
    for (int i = 0; i < keys.getLength(); i++) {
      Element key = (Element) keys.item(i);
      lines.add("| `" + key.getAttribute("id") + "` | " + key.getAttribute("type").toLowerCase(Locale.ROOT)
          + " | " + shown(key.getAttribute("default")) + " | " + accepted(key) + " | "
          + key.getAttribute("description") + " |");
    }
    return String.join("\n", lines) + "\n";
  }

  private static Element parse(byte[] metatype) throws IOException {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(new ByteArrayInputStream(metatype)).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(e);
    }
  }

  private static String accepted(Element key) {
    NodeList options = key.getElementsByTagName("Option");
    List<String> values = new ArrayList<>();
    for (int i = 0; i < options.getLength(); i++) {
      values.add("`" + ((Element) options.item(i)).getAttribute("value") + "`");
    }
    if (!values.isEmpty()) return String.join(", ", values);
    return key.getAttribute("min").isEmpty() ? "" : key.getAttribute("min") + " to " + key.getAttribute("max");
  }

  private static String shown(String value) {
    return value.isEmpty() ? "" : "`" + value + "`";
  }
}
