package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"connectrpc.com/connect"
	"connectrpc.com/grpchealth"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/protobuf/types/known/durationpb"

	"stitch.test/peers/connect-go/internal/gen/expirementpb"
	"stitch.test/peers/connect-go/internal/gen/expirementpb/expirementpbconnect"
	"stitch.test/peers/connect-go/internal/gen/peerpb"
)

// newChannel returns connections of their own, not encrypted, without a proxy.
func newChannel() *http.Client {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Client{Transport: &http.Transport{Protocols: protocols}}
}

// answerCalls makes the calls that standard input tells, each as soon as it is
// read, until that ends or ctx does. Its error is a line that is no call.
func answerCalls(ctx context.Context) error {
	write(&peerpb.ClientLine{Line: &peerpb.ClientLine_Ready{Ready: implementation}})
	channels := make(map[[2]string]*http.Client)
	var calls sync.WaitGroup
	for line := range input(ctx) {
		call := new(peerpb.Call)
		if err := parse(line, call); err != nil {
			return fmt.Errorf("not a call: %w", err)
		}
		key := [2]string{call.GetAddress(), call.GetChannel()}
		if channels[key] == nil {
			channels[key] = newChannel()
		}
		channel := channels[key]
		calls.Go(func() {
			ended := perform(channel, call)
			write(&peerpb.ClientLine{Line: &peerpb.ClientLine_Ended{Ended: ended}})
		})
	}
	time.AfterFunc(grace, func() { os.Exit(0) })
	calls.Wait()
	return nil
}

// perform makes call on channel, and records what the library gives.
func perform(channel *http.Client, call *peerpb.Call) *peerpb.CallRecord {
	options := []connect.ClientOption{connect.WithGRPC()}
	switch {
	case call.GetKind() != "unary":
		return &peerpb.CallRecord{Id: call.GetId(), Unsupported: fmt.Sprintf("call kind %q", call.GetKind())}
	case call.GetCompression() == "gzip":
		options = append(options, connect.WithSendGzip())
	case call.GetCompression() != "":
		return &peerpb.CallRecord{Id: call.GetId(), Unsupported: fmt.Sprintf("compression %q", call.GetCompression())}
	}
	start := time.Now()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if call.CancelAfter != nil {
		time.AfterFunc(call.CancelAfter.AsDuration(), cancel)
	}
	if call.Timeout != nil {
		ctx, cancel = context.WithTimeout(ctx, call.Timeout.AsDuration())
		defer cancel()
	}
	ctx, info := connect.NewClientContext(ctx)
	for _, entry := range call.GetMetadata() {
		value := entry.GetText()
		if binary, ok := entry.GetValue().(*peerpb.Metadatum_Binary); ok {
			value = connect.EncodeBinaryHeader(binary.Binary)
		}
		info.RequestHeader().Add(entry.GetKey(), value)
	}
	method := "http://" + call.GetAddress() + call.GetMethod()
	client := connect.NewClient[expirementpb.NameRequest, expirementpb.Expirement](channel, method, options...)
	response, err := client.CallUnary(ctx, connect.NewRequest(call.GetRequest()))
	record := &peerpb.CallRecord{
		Id:       call.GetId(),
		Headers:  metadata(info.ResponseHeader()),
		Trailers: metadata(info.ResponseTrailer()),
		Elapsed:  durationpb.New(time.Since(start)),
	}
	if err != nil {
		record.Code, record.Message = status(err)
	} else {
		record.Reply = response.Msg
	}
	return record
}

// status is the code and the message that err, which is not nil, tells.
func status(err error) (int32, string) {
	message := err.Error()
	if told := new(connect.Error); errors.As(err, &told) {
		message = told.Message()
	}
	return int32(connect.CodeOf(err)), text(message)
}

// lookUp prints the row of each name, or the status that came instead.
func lookUp(address string, names []string) (err error) {
	if len(names) == 0 {
		names = []string{"Stitch"}
	}
	client := expirementpbconnect.NewManageClient(newChannel(), "http://"+address, connect.WithGRPC())
	for _, name := range names {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		row, failure := client.PickOne(ctx, &expirementpb.NameRequest{Name: name})
		cancel()
		if failure != nil {
			number, message := status(failure)
			err = errors.Join(err, fmt.Errorf("%s: %s", code.Code(number), message))
			continue
		}
		fmt.Printf("Expirement:\n---Name:%s \n---ID:%d \n---Skill:%s\n", row.GetName(), row.GetId(), row.GetSkill())
	}
	return err
}

// checkHealth returns nil when the whole server is SERVING.
func checkHealth(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	client := grpchealth.NewClient(newChannel(), "http://"+address, connect.WithGRPC())
	reply, err := client.Check(ctx, new(grpchealth.CheckRequest))
	if err != nil {
		return fmt.Errorf("%s is not healthy: %w", address, err)
	}
	if reply.Status != grpchealth.StatusServing {
		return fmt.Errorf("%s is not healthy: %s", address, reply.Status)
	}
	return nil
}
