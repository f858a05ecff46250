package dev.tenon.sim;

import java.util.Arrays;

/// The bytes of a file.
final class Image {
  private byte[] bytes;
  private int size;

  Image(byte[] bytes) {
    this.bytes = bytes;
    size = bytes.length;
  }

  Image(Image other) {
    bytes = Arrays.copyOf(other.bytes, other.size);
    size = other.size;
  }

  int size() {
    return size;
  }

  void read(int offset, byte[] into) {
    System.arraycopy(bytes, offset, into, 0, into.length);
  }

  void write(int offset, byte[] data, int from, int to) {
    if (offset + to > size) {
      resize(offset + to);
    }
    System.arraycopy(data, from, bytes, offset + from, to - from);
  }

  void resize(int newSize) {
    if (newSize > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(newSize, (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
    }
    if (newSize < size) {
      Arrays.fill(bytes, newSize, size, (byte) 0);
    }
    size = newSize;
  }

  void flip(int offset, int bit) {
    if (offset < size) {
      bytes[offset] ^= (byte) (1 << bit);
    }
  }
}
