package dev.tenon.itests.house;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds fields of a hashed map or set whose key hashes by identity: an enum, or a class of the same bundle without a
/// `hashCode` of its own. The order of such a map changes from run to run. Only in classes that make a HashMap or
/// HashSet, since a field is usually declared as Map or Set.
final class HashKeys {
  private static final Pattern HASHED =
      Pattern.compile("Ljava/util/(?:Hash)?(?:Map|Set)<[+]?L([^;<]+)[;<]");

  private final String name;
  private final Map<String, ClassModel> models = new TreeMap<>();

  HashKeys(String name, Bundle bundle) {
    this.name = name;
    bundle.classes().values().forEach(bytes -> {
      ClassModel model = ClassFile.of().parse(bytes);
      models.put(model.thisClass().asInternalName(), model);
    });
  }

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    for (ClassModel model : models.values()) {
      if (!makesHashed(model)) continue;
      for (var field : model.fields()) {
        field.findAttribute(Attributes.signature()).ifPresent(signature -> {
          Matcher hashed = HASHED.matcher(signature.signature().stringValue());
          if (hashed.find() && byIdentity(hashed.group(1))) {
            findings.add(new Finding(name + " " + model.thisClass().asInternalName().replace('/', '.'), "identity-keys",
                "field " + field.fieldName() + " hashes " + hashed.group(1).replace('/', '.')
                    + " by identity; use EnumMap, TreeMap or LinkedHashMap"));
          }
        });
      }
    }
    return findings;
  }

  private static boolean makesHashed(ClassModel model) {
    for (var entry : model.constantPool()) {
      if (entry instanceof java.lang.classfile.constantpool.MethodRefEntry method
          && method.name().stringValue().equals("<init>")
          && List.of("java/util/HashMap", "java/util/HashSet").contains(method.owner().asInternalName())) {
        return true;
      }
    }
    return false;
  }

  private boolean byIdentity(String key) {
    ClassModel model = models.get(key);
    if (model == null || model.flags().has(AccessFlag.INTERFACE)) return false;
    if (model.flags().has(AccessFlag.ENUM)) return true;
    boolean root = model.superclass().filter(parent -> parent.asInternalName().equals("java/lang/Object")).isPresent();
    return root && model.methods().stream().noneMatch(method -> method.methodName().stringValue().equals("hashCode"));
  }
}
