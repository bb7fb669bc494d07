package stitch.server

import com.google.protobuf.Message
import io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING
import io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING
import io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING
import io.grpc.MethodDescriptor.MethodType.UNARY
import io.grpc.ServerMethodDefinition
import io.grpc.ServerServiceDefinition
import io.grpc.kotlin.ServerCalls.bidiStreamingServerMethodDefinition
import io.grpc.kotlin.ServerCalls.clientStreamingServerMethodDefinition
import io.grpc.kotlin.ServerCalls.serverStreamingServerMethodDefinition
import io.grpc.kotlin.ServerCalls.unaryServerMethodDefinition
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.single
import stitch.messages.Method
import stitch.messages.MethodTypes
import kotlin.coroutines.CoroutineContext

/** Every service of these types, each method with its own kind. Handlers run in [context]. */
fun Driver.services(types: MethodTypes, context: CoroutineContext): List<ServerServiceDefinition> =
    types.services.map { (name, methods) ->
        val service = ServerServiceDefinition.builder(name)
        methods.forEach { service.addMethod(serve(it, context)) }
        service.build()
    }

private fun Driver.serve(method: Method, context: CoroutineContext): ServerMethodDefinition<Message, Message> {
    fun answer(requests: Flow<Message>) = handle(method, requests)
    return when (method.type) {
        UNARY -> unaryServerMethodDefinition(context, method) { answer(flowOf(it)).single() }
        CLIENT_STREAMING -> clientStreamingServerMethodDefinition(context, method) { answer(it).single() }
        SERVER_STREAMING -> serverStreamingServerMethodDefinition(context, method) { answer(flowOf(it)) }
        BIDI_STREAMING -> bidiStreamingServerMethodDefinition(context, method) { answer(it) }
        else -> error("${method.fullMethodName} is of no known kind")
    }
}
