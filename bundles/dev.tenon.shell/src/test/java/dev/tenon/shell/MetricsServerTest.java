package dev.tenon.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
  private static final String TEXT = "# HELP tenon_x_total Gr\u00f6\u00dfen\ntenon_x_total 1\n";
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private String text = TEXT;
  private MetricsServer server;

  @BeforeEach
  void start() throws IOException {
    server = new MetricsServer(0, () -> text);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersAGetWithTheTextOfAllMetrics() throws Exception {
    HttpResponse<byte[]> answer = send("GET", server.address());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void answersWithNothingWhereThereAreNone() throws Exception {
    text = "";
    HttpResponse<byte[]> answer = send("GET", server.address());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void knowsNoOtherPath() throws Exception {
    for (String path : List.of("", "/", "/x", "/metrics/", "/metrics/x", "/Metrics", "/../metrics")) {
      String address = server.address().replace("/metrics", path);
      assertThat(send("GET", address).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(send("GET", server.address() + "?name=x").statusCode()).isEqualTo(200);
  }

  @Test
  void takesNothingButAGet() throws Exception {
    for (String method : List.of("POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")) {
      assertThat(send(method, server.address()).statusCode()).as(method).isEqualTo(405);
    }
    assertThat(send("GET", server.address()).statusCode()).isEqualTo(200);
  }

  @Test
  void listensOnTheLoopbackAddressOnly() throws Exception {
    URI address = URI.create(server.address());
    assertThat(InetAddress.getByName(address.getHost()).isLoopbackAddress()).isTrue();
    List<InetAddress> others = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
        .filter(other -> !other.isLoopbackAddress() && !other.isLinkLocalAddress()).toList();
    for (InetAddress other : others) {
      try (Socket socket = new Socket()) {
        assertThatThrownBy(() -> socket.connect(new InetSocketAddress(other, address.getPort()),
            (int) DEADLINE.toMillis())).as("%s", other).isInstanceOf(ConnectException.class);
      }
    }
  }

  private static HttpResponse<byte[]> send(String method, String address) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(address)).timeout(DEADLINE)
          .method(method, BodyPublishers.noBody()).build();
      return client.send(request, BodyHandlers.ofByteArray());
    }
  }
}
