package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;

/// Addresses of hosts and ports, in network order.
public final class Addresses {
  /// 4 bytes.
  public static final Codec<IpAddress.V4> IPV4 =
      new FixedCodec<>(4, from -> new IpAddress.V4(from.u32()), (to, value) -> to.u32(value.bits()));
  /// 16 bytes.
  public static final Codec<IpAddress.V6> IPV6 =
      new FixedCodec<>(16, from -> new IpAddress.V6(from.u64(), from.u64()), (to, value) -> {
        to.u64(value.high());
        to.u64(value.low());
      });
  /// `u8 4 or 6 ‖ address`.
  public static final Codec<IpAddress> IP = new AnyIp();
  /// `address ‖ u16 port`, 6 bytes.
  public static final Codec<SocketAddress<IpAddress.V4>> SOCKET_V4 = socket(IPV4);
  /// `address ‖ u16 port`, 18 bytes.
  public static final Codec<SocketAddress<IpAddress.V6>> SOCKET_V6 = socket(IPV6);
  /// `u8 4 or 6 ‖ address ‖ u16 port`, 7 or 19 bytes.
  public static final Codec<SocketAddress<IpAddress>> SOCKET = socket(IP);

  private Addresses() {}

  private static <A extends IpAddress> Codec<SocketAddress<A>> socket(Codec<A> address) {
    return Containers.pair(address, Ints.U16).as(pair -> new SocketAddress<>(pair.first(), pair.second()),
        socket -> new Pair<>(socket.address(), socket.port()));
  }

  private static final class AnyIp implements Codec<IpAddress> {
    private static final int TAG_V4 = 4;
    private static final int TAG_V6 = 6;

    @Override
    public int size(IpAddress value) {
      return switch (value) {
        case IpAddress.V4 v4 -> 1 + IPV4.size(v4);
        case IpAddress.V6 v6 -> 1 + IPV6.size(v6);
      };
    }

    @Override
    public void write(IpAddress value, Writer to) {
      switch (value) {
        case IpAddress.V4 v4 -> {
          to.u8(TAG_V4);
          IPV4.write(v4, to);
        }
        case IpAddress.V6 v6 -> {
          to.u8(TAG_V6);
          IPV6.write(v6, to);
        }
      }
    }

    @Override
    public IpAddress read(Reader from) {
      int tag = from.u8();
      return switch (tag) {
        case TAG_V4 -> IPV4.read(from);
        case TAG_V6 -> IPV6.read(from);
        default -> throw from.fail(Rule.INVALID, "IpAddr", tag, "has version " + tag);
      };
    }

    @Override
    public int sizeMin() {
      return 1 + IPV4.sizeMin();
    }
  }
}
