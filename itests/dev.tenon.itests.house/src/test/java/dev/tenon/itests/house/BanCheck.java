package dev.tenon.itests.house;

import dev.tenon.itests.house.Layers.Layer;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The ban list over class files: what would differ between two runs, or block, or reach past the runtime.
final class BanCheck {
  /// @param owner a class, or a package with a trailing slash, in internal form
  /// @param name the method's name, `*` for any
  /// @param descriptor a part the descriptor must hold, empty for any
  /// @param rule what a grant names
  /// @param instead what to use
  private record Ban(String owner, String name, String descriptor, String rule, String instead) {
    boolean hits(String calledOwner, String calledName, String calledDescriptor) {
      boolean owned = owner.endsWith("/") ? calledOwner.startsWith(owner) : calledOwner.equals(owner);
      return owned && (name.equals("*") || name.equals(calledName)) && calledDescriptor.contains(descriptor);
    }
  }

  private static final String TIME = "the runtime's Clock";
  private static final String CHANCE = "Context's Chance";
  private static final String IO = "runtime.storage or runtime.network";
  private static final String THREADS = "actors, strands and Compute";
  private static final String ORDER =
      "List, EnumMap, TreeMap, TreeSet or LinkedHashMap: its order changes at each JVM start";
  private static final String LOCALE = "string concatenation, or the variant that takes Locale.ROOT";

  private static final List<Ban> BANS = List.of(
      new Ban("java/lang/Thread", "*", "", "threads", THREADS),
      new Ban("java/lang/Thread$Builder", "*", "", "threads", THREADS),
      new Ban("java/util/Timer", "*", "", "threads", THREADS),
      new Ban("java/util/concurrent/Executors", "*", "", "threads", THREADS),
      new Ban("java/util/concurrent/ForkJoinPool", "*", "", "threads", THREADS),
      new Ban("java/util/concurrent/ThreadPoolExecutor", "*", "", "threads", THREADS),
      new Ban("java/util/concurrent/locks/LockSupport", "*", "", "threads", THREADS),
      new Ban("java/lang/ThreadLocal", "*", "", "thread-local", "a field of the actor"),
      new Ban("java/util/stream/BaseStream", "parallel", "", "parallel-stream", "Compute"),
      new Ban("java/util/stream/Stream", "parallel", "", "parallel-stream", "Compute"),
      new Ban("java/util/Collection", "parallelStream", "", "parallel-stream", "Compute"),
      new Ban("java/util/List", "parallelStream", "", "parallel-stream", "Compute"),
      new Ban("java/util/Set", "parallelStream", "", "parallel-stream", "Compute"),
      new Ban("java/lang/System", "currentTimeMillis", "", "wall-clock", TIME),
      new Ban("java/lang/System", "nanoTime", "", "wall-clock", TIME),
      new Ban("java/time/Instant", "now", "", "wall-clock", TIME),
      new Ban("java/time/LocalDate", "now", "", "wall-clock", TIME),
      new Ban("java/time/LocalDateTime", "now", "", "wall-clock", TIME),
      new Ban("java/time/ZonedDateTime", "now", "", "wall-clock", TIME),
      new Ban("java/time/Clock", "*", "", "wall-clock", TIME),
      new Ban("java/util/Date", "<init>", "()V", "wall-clock", TIME),
      new Ban("java/util/Random", "<init>", "()V", "unseeded-random", CHANCE),
      new Ban("java/util/SplittableRandom", "<init>", "()V", "unseeded-random", CHANCE),
      new Ban("java/util/concurrent/ThreadLocalRandom", "*", "", "unseeded-random", CHANCE),
      new Ban("java/util/random/RandomGenerator", "getDefault", "", "unseeded-random", CHANCE),
      new Ban("java/lang/Math", "random", "", "unseeded-random", CHANCE),
      new Ban("java/util/Collections", "shuffle", "(Ljava/util/List;)V", "unseeded-random", CHANCE),
      new Ban("java/util/UUID", "randomUUID", "", "unseeded-random", "Entropy"),
      new Ban("java/security/SecureRandom", "*", "", "secure-random", "Entropy"),
      new Ban("java/nio/file/Files", "*", "", "files", IO),
      new Ban("java/io/File", "*", "", "files", IO),
      new Ban("java/io/RandomAccessFile", "*", "", "files", IO),
      new Ban("java/io/FileInputStream", "*", "", "files", IO),
      new Ban("java/io/FileOutputStream", "*", "", "files", IO),
      new Ban("java/nio/channels/FileChannel", "*", "", "files", IO),
      new Ban("java/net/Socket", "*", "", "sockets", IO),
      new Ban("java/net/ServerSocket", "*", "", "sockets", IO),
      new Ban("java/nio/channels/SocketChannel", "*", "", "sockets", IO),
      new Ban("java/nio/channels/ServerSocketChannel", "*", "", "sockets", IO),
      new Ban("java/net/http/", "*", "", "sockets", IO),
      new Ban("java/lang/System", "identityHashCode", "", "identity-hash", "a hash of the content"),
      new Ban("java/lang/Object", "hashCode", "", "identity-hash", "a hash of the content"),
      new Ban("java/util/Map", "copyOf", "", "shuffled-collection", ORDER),
      new Ban("java/util/Set", "copyOf", "", "shuffled-collection", ORDER),
      new Ban("java/util/Map", "ofEntries", "", "shuffled-collection", ORDER),
      new Ban("java/util/Map", "of", "(Ljava/lang/Object;Ljava/lang/Object;Ljava", "shuffled-collection", ORDER),
      new Ban("java/util/Set", "of", "(Ljava/lang/Object;L", "shuffled-collection", ORDER),
      new Ban("java/util/Set", "of", "([L", "shuffled-collection", ORDER),
      new Ban("java/util/stream/Collectors", "toUnmodifiableSet", "", "shuffled-collection", ORDER),
      new Ban("java/util/stream/Collectors", "toUnmodifiableMap", "", "shuffled-collection", ORDER),
      new Ban("java/lang/String", "format", "(Ljava/lang/String;", "default-locale", LOCALE),
      new Ban("java/lang/String", "formatted", "", "default-locale", LOCALE),
      new Ban("java/lang/String", "toLowerCase", "()", "default-locale", LOCALE),
      new Ban("java/lang/String", "toUpperCase", "()", "default-locale", LOCALE),
      new Ban("java/util/Locale", "getDefault", "", "default-locale", LOCALE),
      new Ban("java/util/TimeZone", "getDefault", "", "default-locale", "UTC, named"),
      new Ban("java/time/ZoneId", "systemDefault", "", "default-locale", "UTC, named"),
      new Ban("java/nio/charset/Charset", "defaultCharset", "", "default-charset", "StandardCharsets"),
      new Ban("java/lang/String", "getBytes", "()", "default-charset", "StandardCharsets"),
      new Ban("java/lang/String", "<init>", "([B)", "default-charset", "StandardCharsets"),
      new Ban("java/lang/String", "<init>", "([BII)", "default-charset", "StandardCharsets"),
      new Ban("java/security/Security", "addProvider", "", "security-provider", "the provider object itself"),
      new Ban("java/security/Security", "insertProviderAt", "", "security-provider", "the provider object itself"));

  private static final Ban SLEEP =
      new Ban("java/lang/Thread", "sleep", "", "test-sleep", "a condition with a deadline");
  private static final String FUTURE = "java/util/concurrent/CompletableFuture";

  private final List<Finding> findings = new ArrayList<>();

  /// @param room where the bundle stands, with its grants
  /// @param bundle built
  List<Finding> main(Layers.Room room, Bundle bundle) {
    if (room.layer().compareTo(Layer.L3) > 0 || room.name().equals("dev.tenon.runtime.jvm")) return List.of();
    TreeSet<String> used = new TreeSet<>();
    List<Finding> all = new ArrayList<>();
    bundle.classes().forEach((path, bytes) -> {
      if (path.startsWith("dev/tenon/")) all.addAll(scan(room.name(), bytes, room.layer() == Layer.L3));
    });
    all.addAll(new HashKeys(room.name(), bundle).run());
    for (Finding finding : all) {
      if (room.grant("bans", finding.rule()).isPresent()) used.add(finding.rule());
      else findings.add(finding);
    }
    for (Layers.Grant grant : room.grants()) {
      if (grant.kind().equals("bans") && !used.contains(grant.value())) {
        findings.add(new Finding(Layers.FILE, "stale-grant", room.name() + " does not need bans:" + grant.value()));
      }
    }
    return findings;
  }

  /// @param name the module's
  /// @param classes its test classes by path
  List<Finding> tests(String name, Map<String, byte[]> classes) {
    classes.values().forEach(bytes -> {
      ClassModel model = ClassFile.of().parse(bytes);
      for (MethodModel method : model.methods()) {
        calls(method, (owner, called, descriptor) -> {
          if (SLEEP.hits(owner, called, descriptor)) findings.add(finding(name, model, method, SLEEP));
        });
      }
    });
    return findings;
  }

  private interface Call {
    void to(String owner, String name, String descriptor);
  }

  private static List<Finding> scan(String name, byte[] bytes, boolean engine) {
    ClassModel model = ClassFile.of().parse(bytes);
    List<Finding> findings = new ArrayList<>();
    for (MethodModel method : model.methods()) {
      calls(method, (owner, called, descriptor) -> {
        BANS.stream().filter(ban -> ban.hits(owner, called, descriptor))
            .forEach(ban -> findings.add(finding(name, model, method, ban)));
        boolean async = called.endsWith("Async") && !descriptor.contains("Ljava/util/concurrent/Executor;");
        if (owner.equals(FUTURE) && (engine || async)) {
          findings.add(finding(name, model, method, new Ban(owner, called, "", "future", "a Completion")));
        }
      });
      boolean monitor = method.code().stream().flatMap(code -> code.elementList().stream())
          .anyMatch(MonitorInstruction.class::isInstance);
      if (monitor || method.flags().has(AccessFlag.SYNCHRONIZED)) {
        findings.add(
            finding(name, model, method, new Ban("a", "monitor", "", "synchronized", "an actor, which needs none")));
      }
    }
    return findings;
  }

  /// Tells of each call in a method's code, those by method reference included.
  private static void calls(MethodModel method, Call call) {
    if (method.code().isEmpty()) return;
    for (CodeElement element : method.code().get()) {
      if (element instanceof InvokeInstruction invoke) {
        call.to(invoke.owner().asInternalName(), invoke.name().stringValue(), invoke.type().stringValue());
      } else if (element instanceof InvokeDynamicInstruction dynamic) {
        for (var argument : dynamic.bootstrapArgs()) {
          if (argument instanceof DirectMethodHandleDesc handle) {
            String owner = handle.owner().descriptorString();
            call.to(owner.substring(1, owner.length() - 1), handle.methodName(), handle.lookupDescriptor());
          }
        }
      }
    }
  }

  private static Finding finding(String name, ClassModel model, MethodModel method, Ban ban) {
    String where =
        name + " " + model.thisClass().asInternalName().replace('/', '.') + "#" + method.methodName().stringValue();
    return new Finding(where, ban.rule,
        "calls " + ban.owner.replace('/', '.') + "." + ban.name + "; use " + ban.instead);
  }
}
