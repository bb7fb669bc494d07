package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/durationpb"

	"stitch.test/peers/connect-go/internal/gen/expirementpb"
	"stitch.test/peers/connect-go/internal/gen/peerpb"
)

// answerCalls makes the calls that lines tell, each as soon as it is read.
// Its error is a line that is no call.
func answerCalls(lines *bufio.Scanner) error {
	write(&peerpb.ClientLine{Line: &peerpb.ClientLine_Ready{Ready: implementation}})
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	channels := make(map[[2]string]*http.Client)
	var calls sync.WaitGroup
	for lines.Scan() {
		call := new(peerpb.Call)
		if err := parse(lines.Bytes(), call); err != nil {
			return fmt.Errorf("not a call: %w", err)
		}
		key := [2]string{call.GetAddress(), call.GetChannel()}
		if channels[key] == nil { // a transport has connections of its own, and no proxy
			channels[key] = &http.Client{Transport: &http.Transport{Protocols: protocols}}
		}
		channel := channels[key]
		calls.Go(func() {
			write(&peerpb.ClientLine{Line: &peerpb.ClientLine_Ended{Ended: perform(channel, call)}})
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
	ended := &peerpb.CallRecord{
		Id:       call.GetId(),
		Headers:  metadata(info.ResponseHeader()),
		Trailers: metadata(info.ResponseTrailer()),
		Elapsed:  durationpb.New(time.Since(start)),
	}
	if err != nil {
		ended.Code, ended.Message = status(err)
	} else {
		ended.Reply = response.Msg
	}
	return ended
}
