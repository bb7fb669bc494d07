package person

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"stitch.test/peers/go/internal/gen/expirementpb"
)

// Deadlines of what a person asks for.
const (
	callTimeout   = 10 * time.Second
	healthTimeout = 2 * time.Second
)

// LookUp looks names up at address, one after another, Stitch when there are
// none, and prints the rows to out. Its error has each status that is not OK, on
// a line of its own.
func LookUp(ctx context.Context, address string, names []string, out io.Writer) error {
	channel, err := newChannel(address)
	if err != nil {
		return err
	}
	defer channel.Close()
	manage := expirementpb.NewManageClient(channel)
	if len(names) == 0 {
		names = []string{"Stitch"}
	}
	var failed []error
	for _, name := range names {
		failed = append(failed, printRow(ctx, manage, name, out))
	}
	return errors.Join(failed...)
}

func printRow(ctx context.Context, manage expirementpb.ManageClient, name string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	row, err := manage.PickOne(ctx, &expirementpb.NameRequest{Name: name})
	if err != nil {
		return sentence(err)
	}
	_, err = fmt.Fprintf(out, "Expirement:\n---Name:%s \n---ID:%d \n---Skill:%s\n",
		row.GetName(), row.GetId(), row.GetSkill())
	return err
}

// CheckHealth returns nil when the whole server at address is SERVING, and
// otherwise an error that says what came instead.
func CheckHealth(ctx context.Context, address string) error {
	channel, err := newChannel(address)
	if err != nil {
		return err
	}
	defer channel.Close()
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	reply, err := grpc_health_v1.NewHealthClient(channel).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
	if err != nil {
		return sentence(err)
	}
	if reply.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
		return fmt.Errorf("wanted SERVING, got %s", reply.GetStatus())
	}
	return nil
}

// newChannel returns a channel to address, not encrypted. It connects when
// first used.
func newChannel(address string) (*grpc.ClientConn, error) {
	return grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy())
}

// sentence is the status that err is: "NOT_FOUND: expirement not found".
func sentence(err error) error {
	got := status.Convert(err)
	return fmt.Errorf("%s: %s", code.Code(got.Code()), got.Message())
}
