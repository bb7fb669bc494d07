package client

import (
	"context"
	"fmt"
	"io"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/status"

	"stitch.test/peers/go/internal/gen/expirementpb"
)

// callTimeout is the deadline of a call that a person makes.
const callTimeout = 10 * time.Second

// Person looks names up at address, one after another. It prints the rows to
// out and each status that is not OK to errs, and tells whether all were OK.
func Person(ctx context.Context, address string, names []string, out, errs io.Writer) (bool, error) {
	channel, err := newChannel(address)
	if err != nil {
		return false, err
	}
	defer channel.Close()
	manage := expirementpb.NewManageClient(channel)
	allOK := true
	for _, name := range names {
		if err := lookUp(ctx, manage, name, out); err != nil {
			fmt.Fprintln(errs, sentence(err))
			allOK = false
		}
	}
	return allOK, nil
}

// lookUp prints the row of name to out. Its error is the call's status.
func lookUp(ctx context.Context, manage expirementpb.ManageClient, name string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	row, err := manage.PickOne(ctx, &expirementpb.NameRequest{Name: name})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Expirement:\n---Name:%s \n---ID:%d \n---Skill:%s\n", row.GetName(), row.GetId(), row.GetSkill())
	return err
}

// sentence is the status that err is: "NOT_FOUND: expirement not found".
func sentence(err error) string {
	got := status.Convert(err)
	return fmt.Sprintf("%s: %s", code.Code(got.Code()), got.Message())
}
