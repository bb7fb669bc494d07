package stitch.messages

import ExpirementOuterClass
import com.google.protobuf.ByteString
import com.google.protobuf.DescriptorProtos.FileDescriptorProto
import com.google.protobuf.DescriptorProtos.FileDescriptorSet
import com.google.protobuf.Descriptors.Descriptor
import com.google.protobuf.Descriptors.FileDescriptor
import com.google.protobuf.DynamicMessage
import com.google.protobuf.Message
import io.grpc.MethodDescriptor
import io.grpc.MethodDescriptor.MethodType
import io.grpc.protobuf.ProtoUtils
import com.google.protobuf.Descriptors.MethodDescriptor as ProtoMethod

typealias Method = MethodDescriptor<Message, Message>

/** The methods of some services, and of the plain one. */
class MethodTypes(files: Collection<FileDescriptor> = emptyList()) {
    /** By the service's name. */
    val services: Map<String, List<Method>> =
        (listOf(ExpirementOuterClass.getDescriptor()) + files)
            .flatMap { it.services }
            .associate { service -> service.fullName to service.methods.map(::methodOf) }

    private val byName = services.values.flatten().associateBy { it.fullMethodName }

    /** The method of a path, `/Manage/PickOne`. */
    operator fun get(path: String): Method? = byName[path.removePrefix("/")]

    companion object {
        /** The types of a `google.protobuf.FileDescriptorSet`, in which files stand behind those that they import. */
        fun parse(files: ByteString): MethodTypes {
            val built = mutableMapOf<String, FileDescriptor>()
            for (file in FileDescriptorSet.parseFrom(files).fileList) built[file.name] = build(file, built)
            return MethodTypes(built.values)
        }
    }
}

private fun build(file: FileDescriptorProto, built: Map<String, FileDescriptor>): FileDescriptor {
    val imported = file.dependencyList.map { requireNotNull(built[it]) { "${file.name}: no $it before it" } }
    return FileDescriptor.buildFrom(file, imported.toTypedArray())
}

private fun methodOf(method: ProtoMethod): Method =
    MethodDescriptor
        .newBuilder(marshaller(method.inputType), marshaller(method.outputType))
        .setFullMethodName(MethodDescriptor.generateFullMethodName(method.service.fullName, method.name))
        .setType(kindOf(method))
        .build()

private fun kindOf(method: ProtoMethod): MethodType =
    when {
        method.isClientStreaming && method.isServerStreaming -> MethodType.BIDI_STREAMING
        method.isClientStreaming -> MethodType.CLIENT_STREAMING
        method.isServerStreaming -> MethodType.SERVER_STREAMING
        else -> MethodType.UNARY
    }

/** Messages of the plain service are generated, all others dynamic. */
private fun marshaller(type: Descriptor) =
    ProtoUtils.marshaller<Message>(generated[type.fullName] ?: DynamicMessage.getDefaultInstance(type))

private val generated: Map<String, Message> =
    listOf(ExpirementOuterClass.Expirement.getDefaultInstance(), ExpirementOuterClass.NameRequest.getDefaultInstance())
        .associateBy { it.descriptorForType.fullName }
