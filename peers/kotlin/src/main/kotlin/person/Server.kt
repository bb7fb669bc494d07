package stitch.person

import ManageGrpcKt
import io.grpc.health.v1.HealthCheckResponse.ServingStatus
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder
import io.grpc.protobuf.services.HealthStatusManager
import io.grpc.protobuf.services.ProtoReflectionServiceV1
import stitch.beforeExit
import stitch.manage.Manage
import java.net.InetSocketAddress
import java.util.concurrent.TimeUnit.SECONDS

private const val GRACE_SECONDS = 5L

/** Serves the table, with health and reflection, until a signal comes. */
fun serve(host: String, port: Int) {
    val health = HealthStatusManager() // SERVING for the whole server
    health.setStatus(ManageGrpcKt.SERVICE_NAME, ServingStatus.SERVING)
    val server =
        NettyServerBuilder
            .forAddress(InetSocketAddress(host, port))
            .addService(Manage())
            .addService(health.healthService)
            .addService(ProtoReflectionServiceV1.newInstance())
            .build()
            .start()
    System.err.println("listening on $host:${server.port}")
    beforeExit {
        health.enterTerminalState()
        server.shutdown().awaitTermination(GRACE_SECONDS, SECONDS)
    }
    server.awaitTermination()
}
