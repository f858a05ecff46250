package dev.tenon.runtime.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.concurrent.locks.ReentrantLock;

/// Which folders' entries are durable, so that each is forced once in the life of this process.
///
/// A folder whose force failed is only not noted, and forced again: a file system with a journal goes on failing then,
/// while the pages of a file may be forgotten ([Doubts]).
final class Existence {
  private final FileLayer layer;
  private final Path root;
  private final ReentrantLock lock = new ReentrantLock();
  /// With a folder all those above it, up to the root.
  private final HashSet<Path> durable = new HashSet<>();
  private long forgotten;

  Existence(FileLayer layer, Path root) {
    this.layer = layer;
    this.root = root;
  }

  /// Makes the entries of a folder and of those above it durable, from the root downwards. None is noted before all
  /// are: whoever finds one noted asks for none above it.
  void force(Path folder) throws IOException {
    var chain = new ArrayDeque<Path>();
    long before;
    lock.lock();
    try {
      before = forgotten;
      for (var path = folder; !path.equals(root) && !durable.contains(path); path = FolderVolume.parent(path)) {
        chain.push(path);
      }
    } finally {
      lock.unlock();
    }
    for (var path : chain) {
      layer.forceFolder(FolderVolume.parent(path));
    }
    lock.lock();
    try {
      if (before == forgotten) { // else one of them may be another folder by now
        durable.addAll(chain);
      }
    } finally {
      lock.unlock();
    }
  }

  /// A folder was moved or deleted.
  void forget(Path folder) {
    lock.lock();
    try {
      forgotten++;
      durable.removeIf(path -> path.startsWith(folder));
    } finally {
      lock.unlock();
    }
  }
}
