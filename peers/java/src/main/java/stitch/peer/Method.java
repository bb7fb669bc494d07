package stitch.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import java.util.Map;
import stitch.manage.Expirement;
import stitch.manage.NameRequest;

/** A method of any service: how it is called, and the empty messages of its types. */
record Method(MethodDescriptor<Message, Message> descriptor, Message request, Message response) {
  /** The messages that there is generated code for. All others are dynamic. */
  private static final Map<String, Message> GENERATED =
      Map.of(
          NameRequest.getDescriptor().getFullName(), NameRequest.getDefaultInstance(),
          Expirement.getDescriptor().getFullName(), Expirement.getDefaultInstance());

  static Method of(Descriptors.MethodDescriptor method) {
    Message request = emptyOf(method.getInputType());
    Message response = emptyOf(method.getOutputType());
    String service = method.getService().getFullName();
    return new Method(
        MethodDescriptor.<Message, Message>newBuilder()
            .setType(typeOf(method))
            .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method.getName()))
            .setRequestMarshaller(ProtoUtils.marshaller(request))
            .setResponseMarshaller(ProtoUtils.marshaller(response))
            .build(),
        request,
        response);
  }

  private static Message emptyOf(Descriptor type) {
    Message generated = GENERATED.get(type.getFullName());
    return generated != null ? generated : DynamicMessage.getDefaultInstance(type);
  }

  private static MethodType typeOf(Descriptors.MethodDescriptor method) {
    if (method.isClientStreaming()) {
      return method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
    }
    return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
  }

  /** The path: "/Manage/PickOne". */
  String path() {
    return "/" + descriptor.getFullMethodName();
  }

  MethodType type() {
    return descriptor.getType();
  }

  /** The same kind and types at another path. */
  Method at(String path) {
    return new Method(
        descriptor.toBuilder().setFullMethodName(path.substring(1)).build(), request, response);
  }

  Message parseRequest(ByteString bytes) throws InvalidProtocolBufferException {
    return request.getParserForType().parseFrom(bytes);
  }

  Message parseResponse(ByteString bytes) throws InvalidProtocolBufferException {
    return response.getParserForType().parseFrom(bytes);
  }
}
