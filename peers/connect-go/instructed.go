package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/durationpb"

	"stitch.test/peers/connect-go/internal/gen/expirementpb"
	"stitch.test/peers/connect-go/internal/gen/peerpb"
)

// patterns are what the keys take that take one value.
var patterns = map[string]*regexp.Regexp{
	"stitch-send-headers":       regexp.MustCompile(`^now$`),
	"stitch-wait-ms":            regexp.MustCompile(`^([0-5]?\d{1,4}|60000)$`),
	"stitch-status-code":        regexp.MustCompile(`^([1-9]|1[0-6])$`),
	"stitch-status-message-bin": regexp.MustCompile(`^[A-Za-z0-9+/]*=*$`),
	"stitch-reply-encoding":     regexp.MustCompile(`^gzip$`), // as the library does, unasked, for a client that accepts it
}

// instructed makes the service obey the instructions in a call's metadata, and
// reports every call of it before the library gets the answer.
func instructed(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		record := received(ctx, request)
		response, err := obey(ctx, request, next)
		switch {
		case ctx.Err() != nil:
			record.Cancelled = true
		case err != nil:
			record.Code, record.Message = status(err)
		default:
			record.Reply = response.Any().(*expirementpb.Expirement)
		}
		write(&peerpb.ServerLine{Line: &peerpb.ServerLine_Served{Served: record}})
		return response, err
	}
}

// received is a record of what the handler is given.
func received(ctx context.Context, request connect.AnyRequest) *peerpb.ServedRecord {
	record := &peerpb.ServedRecord{
		CallId:   text(request.Header().Get("stitch-call-id")),
		Method:   request.Spec().Procedure,
		Request:  request.Any().(*expirementpb.NameRequest),
		Metadata: metadata(request.Header()),
	}
	if deadline, ok := ctx.Deadline(); ok {
		record.TimeRemaining = durationpb.New(time.Until(deadline))
	}
	return record
}

// obey does what it is told and then answers, with next unless told otherwise.
func obey(ctx context.Context, request connect.AnyRequest, next connect.UnaryFunc) (connect.AnyResponse, error) {
	told, err := instructions(request.Header())
	if err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	info, _ := connect.CallInfoForHandlerContext(ctx)
	for key, values := range request.Header() {
		if name, ok := strings.CutPrefix(key, "Stitch-Header-"); ok {
			info.ResponseHeader()[name] = values
		} else if name, ok := strings.CutPrefix(key, "Stitch-Trailer-"); ok {
			info.ResponseTrailer()[name] = values
		}
	}
	if told["stitch-send-headers"] != "" {
		sendHeaders(ctx, info.ResponseHeader())
	}
	wait, _ := strconv.Atoi(told["stitch-wait-ms"])
	select {
	case <-time.After(time.Duration(wait) * time.Millisecond):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if code, _ := strconv.Atoi(told["stitch-status-code"]); code != 0 {
		return nil, connect.NewError(connect.Code(code), errors.New(told["stitch-status-message-bin"]))
	}
	return next(ctx, request)
}

// instructions are the values of the keys that take one. The error names the key
// whose value is malformed.
func instructions(header http.Header) (map[string]string, error) {
	told := make(map[string]string)
	for key, pattern := range patterns {
		values := header.Values(key)
		if len(values) > 1 || len(values) == 1 && !pattern.MatchString(values[0]) {
			return nil, fmt.Errorf("%s: wanted one value like %s, got %q", key, pattern, values)
		}
		told[key] = header.Get(key)
	}
	message, err := connect.DecodeBinaryHeader(told["stitch-status-message-bin"])
	if err != nil || !utf8.Valid(message) {
		return nil, errors.New("stitch-status-message-bin: wanted UTF-8")
	}
	told["stitch-status-message-bin"] = string(message)
	return told, nil
}

type writerKey struct{}

// exposed lets sendHeaders at the writer, which the library keeps from a unary handler.
func exposed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), writerKey{}, w)))
	})
}

func sendHeaders(ctx context.Context, header http.Header) {
	w := ctx.Value(writerKey{}).(http.ResponseWriter)
	maps.Copy(w.Header(), header)
	http.NewResponseController(w).Flush() // fails only when the call has ended
}
