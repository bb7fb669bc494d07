// Package server serves the table, to a person or to the harness.
package server

import (
	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip" // registers the compressor
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"

	"stitch.test/peers/go/internal/gen/expirementpb"
	"stitch.test/peers/go/internal/manage"
)

// newServer returns a server of the table, with health and reflection. Its Stop
// waits for the handlers, so that each has written its ServedRecord.
func newServer(options ...grpc.ServerOption) *grpc.Server {
	server := grpc.NewServer(append(options, grpc.WaitForHandlers(true))...)
	expirementpb.RegisterManageServer(server, manage.Service{})
	grpc_health_v1.RegisterHealthServer(server, newHealth())
	reflection.Register(server)
	return server
}

// newHealth reports SERVING for the service and, by default, the whole server.
func newHealth() *health.Server {
	checker := health.NewServer()
	checker.SetServingStatus(expirementpb.Manage_ServiceDesc.ServiceName, grpc_health_v1.HealthCheckResponse_SERVING)
	return checker
}
