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

// LookUp looks names up at each address, one after another, Stitch when there
// are none, and prints the rows to out; where there are several addresses, each
// before its rows. Its error has each status that is not OK, on a line of its own, and there the address before it.
func LookUp(ctx context.Context, addresses, names []string, out io.Writer) error {
	if len(names) == 0 {
		names = []string{"Stitch"}
	}
	if len(addresses) == 1 {
		return errors.Join(lookUpAt(ctx, addresses[0], names, out)...)
	}
	var failed []error
	for _, address := range addresses {
		fmt.Fprintln(out, address)
		for _, err := range lookUpAt(ctx, address, names, out) {
			failed = append(failed, fmt.Errorf("%s: %w", address, err))
		}
	}
	return errors.Join(failed...)
}

// lookUpAt returns the errors of those names that have no row.
func lookUpAt(ctx context.Context, address string, names []string, out io.Writer) []error {
	channel, err := newChannel(address)
	if err != nil {
		return []error{err}
	}
	defer channel.Close()
	manage := expirementpb.NewManageClient(channel)
	var failed []error
	for _, name := range names {
		if err := printRow(ctx, manage, name, out); err != nil {
			failed = append(failed, err)
		}
	}
	return failed
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
