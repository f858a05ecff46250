package dev.tenon.slot.storage;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.constant.DirectMethodHandleDesc;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Reads from class files what is done while a lock is held, in the words `lock: what`. A lock is the field that holds
/// it. What is done is followed through all methods of the classes that were read, an overridden one as all that
/// override it; a lambda counts where it is made, and what was given from outside as that.
final class LockOrder {
  private static final String LOCK = "java/util/concurrent/locks/ReentrantLock";

  /// @param held the lock, and empty outside of any
  /// @param callee as `owner.name descriptor`
  private record Call(String held, String callee) {}

  private final Map<String, List<Call>> methods = new HashMap<>();
  private final Map<String, List<String>> supers = new HashMap<>();
  private final Map<String, List<String>> subs = new HashMap<>();
  /// Implementations of the interfaces of these classes that are lambdas.
  private final Map<String, List<String>> lambdas = new HashMap<>();

  /// @param of a class of the jar or folder that is read
  LockOrder read(Class<?> of) throws IOException, URISyntaxException {
    Path place = Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      readAll(place);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        readAll(jar.getPath("/"));
      }
    }
    return this;
  }

  private void readAll(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        readClass(Files.readAllBytes(file));
      }
    }
  }

  /// @param content of a class file
  LockOrder readClass(byte[] content) {
    ClassModel model = ClassFile.of().parse(content);
    String name = model.thisClass().asInternalName();
    List<String> above = new ArrayList<>();
    model.superclass().map(ClassEntry::asInternalName).ifPresent(above::add);
    model.interfaces().forEach(each -> above.add(each.asInternalName()));
    supers.put(name, above);
    above.forEach(each -> subs.computeIfAbsent(each, key -> new ArrayList<>()).add(name));
    for (MethodModel method : model.methods()) {
      method.code().ifPresent(code -> {
        List<Call> calls = new ArrayList<>();
        readCode(code, calls);
        methods.put(name + "." + method.methodName().stringValue() + method.methodType().stringValue(), calls);
      });
    }
    return this;
  }

  /// A `lock.lock()` before a `try` whose handler unlocks holds it in that `try`.
  private void readCode(CodeModel code, List<Call> into) {
    List<CodeElement> elements = code.elementList();
    Map<Label, Integer> at = new HashMap<>();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof LabelTarget target) {
        at.put(target.label(), i);
      }
    }
    String[] held = new String[elements.size()];
    for (CodeElement element : elements) {
      if (element instanceof ExceptionCatch guarded && guarded.catchType().isEmpty()) {
        String lock = unlockedFrom(elements, at.getOrDefault(guarded.handler(), 0));
        for (int i = at.getOrDefault(guarded.tryStart(), 0);
            !lock.isEmpty() && i < at.getOrDefault(guarded.tryEnd(), 0); i++) {
          held[i] = lock;
        }
      }
    }
    String field = "";
    for (int i = 0; i < elements.size(); i++) {
      String holds = held[i] == null ? "" : held[i];
      switch (elements.get(i)) {
        case FieldInstruction read when isLock(read) -> field = name(read);
        case InvokeInstruction call when call.owner().asInternalName().equals(LOCK) -> {
          if (call.name().equalsString("lock")) {
            into.add(new Call(holds, "lock " + field));
          }
        }
        case InvokeInstruction call -> into.add(new Call(holds, call.owner().asInternalName() + "."
            + call.name().stringValue() + call.type().stringValue()));
        case InvokeDynamicInstruction made when isLambda(made) -> {
          for (var argument : made.bootstrapArgs()) {
            if (argument instanceof DirectMethodHandleDesc handle) {
              String owner = handle.owner().descriptorString();
              String impl = owner.substring(1, owner.length() - 1) + "." + handle.methodName()
                  + handle.lookupDescriptor();
              into.add(new Call(holds, impl));
              String type = made.typeSymbol().returnType().descriptorString();
              lambdas.computeIfAbsent(type.substring(1, type.length() - 1) + "." + made.name().stringValue(),
                  key -> new ArrayList<>()).add(impl);
            }
          }
        }
        default -> {}
      }
    }
  }

  private static boolean isLambda(InvokeDynamicInstruction made) {
    return made.bootstrapMethod().owner().displayName().equals("LambdaMetafactory");
  }

  private static boolean isLock(FieldInstruction read) {
    return (read.opcode() == Opcode.GETFIELD || read.opcode() == Opcode.GETSTATIC)
        && read.typeSymbol().descriptorString().equals("L" + LOCK + ";");
  }

  private static String name(FieldInstruction read) {
    return simple(read.owner().asInternalName()) + "." + read.name().stringValue();
  }

  private static String simple(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1);
  }

  /// A handler that begins with unlocking.
  private static String unlockedFrom(List<CodeElement> elements, int handler) {
    String field = "";
    for (int i = handler, seen = 0; i < elements.size() && seen < 8; i++) {
      if (elements.get(i) instanceof FieldInstruction read && isLock(read)) {
        field = name(read);
      } else if (elements.get(i) instanceof InvokeInstruction call) {
        boolean unlocks = call.owner().asInternalName().equals(LOCK) && call.name().equalsString("unlock");
        return unlocks ? field : "";
      }
      seen++;
    }
    return "";
  }

  /// What is done under each lock: other locks that are taken, calls of what was given, of the runtime and of the log.
  Set<String> found() {
    TreeSet<String> found = new TreeSet<>();
    methods.values().forEach(calls -> calls.stream().filter(call -> !call.held().isEmpty())
        .forEach(call -> done(call.callee(), new HashSet<>()).forEach(what -> found.add(call.held() + ": " + what))));
    return found;
  }

  /// The methods that call another one themselves.
  ///
  /// @param callee as `owner.name`
  Set<String> callers(String callee) {
    TreeSet<String> found = new TreeSet<>();
    methods.forEach((method, calls) -> {
      if (calls.stream().anyMatch(call -> call.callee().startsWith(callee + "("))) {
        found.add(simple(method.substring(0, method.indexOf('('))));
      }
    });
    return found;
  }

  /// The locks that are held anywhere.
  Set<String> locks() {
    TreeSet<String> found = new TreeSet<>();
    methods.values().forEach(calls -> calls.forEach(call -> found.add(call.held())));
    found.remove("");
    return found;
  }

  private Set<String> done(String callee, Set<String> seen) {
    Set<String> found = new HashSet<>();
    if (!seen.add(callee)) {
      return found;
    }
    if (callee.startsWith("lock ")) {
      found.add(callee);
      return found;
    }
    List<String> targets = targets(callee);
    String owner = callee.substring(0, callee.indexOf('.'));
    boolean given = owner.startsWith("java/util/function/") || owner.equals("java/lang/Runnable");
    boolean outside = owner.startsWith("dev/tenon/runtime/") || owner.startsWith("org/slf4j/");
    if (targets.isEmpty() && (given || outside) && !callee.contains("<init>")) {
      found.add((given ? "given " : "calls ") + simple(callee.substring(0, callee.indexOf('('))));
    }
    for (String target : targets) {
      for (Call call : methods.getOrDefault(target, List.of())) {
        found.addAll(done(call.callee(), seen));
      }
    }
    return found;
  }

  /// The methods that a call may come to: where it is inherited from, and where it is overridden.
  private List<String> targets(String callee) {
    int dot = callee.indexOf('.');
    String owner = callee.substring(0, dot);
    String method = callee.substring(dot);
    List<String> found = new ArrayList<>();
    if (!supers.containsKey(owner)) {
      return found;
    }
    List<String> open = new ArrayList<>(List.of(owner));
    Set<String> seen = new HashSet<>(open);
    while (!open.isEmpty()) {
      String each = open.removeLast();
      if (methods.containsKey(each + method)) {
        found.add(each + method);
      }
      found.addAll(lambdas.getOrDefault(each + method.substring(0, method.indexOf('(')), List.of()));
      subs.getOrDefault(each, List.of()).stream().filter(seen::add).forEach(open::add);
    }
    for (String above = owner; found.isEmpty() && supers.containsKey(above) && !supers.get(above).isEmpty();) {
      above = supers.get(above).getFirst();
      if (methods.containsKey(above + method)) {
        found.add(above + method);
      }
    }
    return found;
  }
}
