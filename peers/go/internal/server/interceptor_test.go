package server

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"stitch.test/peers/go/internal/gen/peerpb"
)

func TestReportsWhatWasAskedAndAnswered(t *testing.T) {
	client, records := witnessed(t)
	if err := pick(t.Context(), client, nil, "stitch-call-id", "seven", "x", "1", "x", "2"); err != nil {
		t.Fatal(err)
	}
	got := <-records
	if got.GetCallId() != "seven" || got.GetMethod() != "/Manage/PickOne" || got.GetRequest().GetName() != "Stitch" {
		t.Errorf("asked: got %v", got)
	}
	if got.GetCode() != 0 || got.GetReply().GetId() != 7 || got.GetCancelled() || got.TimeRemaining != nil {
		t.Errorf("answered: got %v", got)
	}
	if values := values(got, "x"); !slices.Equal(values, []string{"1", "2"}) {
		t.Errorf("metadata: got %q", values)
	}
}

func values(record *peerpb.ServedRecord, key string) (found []string) {
	for _, entry := range record.GetMetadata() {
		if entry.GetKey() == key {
			found = append(found, entry.GetText())
		}
	}
	return found
}

func TestSendsHeadersAndTrailers(t *testing.T) {
	client, _ := witnessed(t)
	var headers, trailers metadata.MD
	options := []grpc.CallOption{grpc.Header(&headers), grpc.Trailer(&trailers)}
	err := pick(t.Context(), client, options,
		"stitch-header-h", "2", "stitch-header-h", "1", "stitch-header-h-bin", "\x00\xff",
		"stitch-trailer-t", "3", "stitch-trailer-t-bin", "\xfe",
		"stitch-status-code", "9", "stitch-send-headers", "now")
	if status.Code(err) != codes.FailedPrecondition {
		t.Errorf("got %v", err)
	}
	if !slices.Equal(headers["h"], []string{"2", "1"}) || !slices.Equal(headers["h-bin"], []string{"\x00\xff"}) {
		t.Errorf("headers: got %q", headers)
	}
	if !slices.Equal(trailers["t"], []string{"3"}) || !slices.Equal(trailers["t-bin"], []string{"\xfe"}) {
		t.Errorf("trailers: got %q", trailers)
	}
}

func TestAnswersTheStatusItIsTold(t *testing.T) {
	client, records := witnessed(t)
	for code := codes.Canceled; code <= codes.Unauthenticated; code++ {
		message := "100% – 中文\r\n👽"
		err := pick(t.Context(), client, nil, "stitch-status-code", strconv.Itoa(int(code)), "stitch-status-message-bin", message)
		got, record := status.Convert(err), <-records
		if got.Code() != code || got.Message() != message {
			t.Errorf("client: got %v, want code %d", err, code)
		}
		if record.GetCode() != int32(code) || record.GetMessage() != message || record.Reply != nil {
			t.Errorf("record: got %v, want code %d", record, code)
		}
	}
}

func TestReportsCallsThatEndUnderTheHandler(t *testing.T) {
	client, records := witnessed(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := pick(ctx, client, nil, "stitch-wait-ms", "60000"); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("client: got %v", err)
	}
	got := <-records
	remaining := got.GetTimeRemaining().AsDuration()
	if !got.GetCancelled() || got.GetCode() != 0 || remaining <= 0 || remaining > 50*time.Millisecond {
		t.Errorf("record: got %v", got)
	}
}

func TestWaits(t *testing.T) {
	client, records := witnessed(t)
	start := time.Now()
	err := pick(t.Context(), client, nil, "stitch-wait-ms", "50")
	if elapsed := time.Since(start); err != nil || elapsed < 50*time.Millisecond || (<-records).GetCancelled() {
		t.Errorf("got %v after %v", err, elapsed)
	}
}

func TestRefusesMalformedValues(t *testing.T) {
	client, records := witnessed(t)
	for _, test := range []struct{ key, value, want string }{
		{"stitch-wait-ms", "60001", `stitch-wait-ms: wanted a decimal from 0 to 60000, got "60001"`},
		{"stitch-wait-ms", "-1", `stitch-wait-ms: wanted a decimal from 0 to 60000, got "-1"`},
		{"stitch-wait-ms", "1s", `stitch-wait-ms: wanted a decimal from 0 to 60000, got "1s"`},
		{"stitch-status-code", "0", `stitch-status-code: wanted a decimal from 1 to 16, got "0"`},
		{"stitch-status-code", "17", `stitch-status-code: wanted a decimal from 1 to 16, got "17"`},
		{"stitch-status-message-bin", "\xff", "stitch-status-message-bin: wanted UTF-8"},
		{"stitch-send-headers", "later", `stitch-send-headers: wanted "now", got "later"`},
		{"stitch-reply-encoding", "zstd", `stitch-reply-encoding: wanted "gzip", got "zstd"`},
	} {
		err := pick(t.Context(), client, nil, test.key, test.value)
		want := status.New(codes.InvalidArgument, test.want)
		if got := status.Convert(err); got.String() != want.String() {
			t.Errorf("got %v, want %v", got, want)
		}
		if record := <-records; record.GetCode() != int32(codes.InvalidArgument) {
			t.Errorf("record: got %v", record)
		}
	}
	err := pick(t.Context(), client, nil, "stitch-wait-ms", "1", "stitch-wait-ms", "2")
	if want := "stitch-wait-ms: wanted one value, got 2"; status.Convert(err).Message() != want {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestPlainServiceIsNotTold(t *testing.T) {
	var headers metadata.MD
	err := pick(t.Context(), connect(t, newServer()), []grpc.CallOption{grpc.Header(&headers)},
		"stitch-status-code", "9", "stitch-header-h", "1", "stitch-wait-ms", "nonsense")
	if err != nil || len(headers["h"]) > 0 {
		t.Errorf("got %v and %q", err, headers)
	}
}
