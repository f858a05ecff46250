package dev.tenon.codec;

/// A port of a host. Flow and scope of the sixth version are not carried.
///
/// @param <A> which addresses
/// @param address the host
/// @param port 0 to 65,535
public record SocketAddress<A extends IpAddress>(A address, int port) {
  /// Checks the port.
  public SocketAddress {
    Check.that(port >= 0 && port <= 0xffff, "a port has 16 bits");
  }
}
