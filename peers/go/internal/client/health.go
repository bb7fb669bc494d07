package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc/health/grpc_health_v1"
)

// healthTimeout is how long a server has to say that it is healthy.
const healthTimeout = 2 * time.Second

// Health returns nil when the whole server at address is SERVING, and otherwise
// an error that says what came instead.
func Health(ctx context.Context, address string) error {
	channel, err := newChannel(address)
	if err != nil {
		return err
	}
	defer channel.Close()
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	reply, err := grpc_health_v1.NewHealthClient(channel).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
	if err != nil {
		return errors.New(sentence(err))
	}
	if reply.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
		return fmt.Errorf("wanted SERVING, got %s", reply.GetStatus())
	}
	return nil
}
