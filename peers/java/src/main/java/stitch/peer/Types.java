package stitch.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import stitch.manage.NameRequest;

/** The methods that are called and served. They do not change. */
final class Types {
  /** Those of the plain service alone. */
  static final Types PLAIN = new Types(List.of());

  private final Map<String, Method> methods = new HashMap<>();

  private Types(Collection<FileDescriptor> files) {
    files.forEach(this::add);
    add(NameRequest.getDescriptor().getFile());
  }

  private void add(FileDescriptor file) {
    for (ServiceDescriptor service : file.getServices()) {
      for (MethodDescriptor method : service.getMethods()) {
        Method added = Method.of(method);
        methods.put(added.path(), added);
      }
    }
  }

  /** Takes a serialized FileDescriptorSet, and adds the plain service. */
  static Types parse(ByteString set)
      throws InvalidProtocolBufferException, DescriptorValidationException {
    Map<String, FileDescriptor> files = new HashMap<>();
    for (FileDescriptorProto file : FileDescriptorSet.parseFrom(set).getFileList()) {
      FileDescriptor[] imports =
          file.getDependencyList().stream()
              .map(files::get)
              .filter(Objects::nonNull) // the runtime tells which one is missing
              .toArray(FileDescriptor[]::new);
      files.put(file.getName(), FileDescriptor.buildFrom(file, imports));
    }
    return new Types(files.values());
  }

  /** Returns the method of a path, or null. */
  Method method(String path) {
    return methods.get(path);
  }

  /** Returns the methods of each service. */
  Map<String, List<Method>> services() {
    return methods.values().stream()
        .collect(Collectors.groupingBy(method -> method.descriptor().getServiceName()));
  }
}
